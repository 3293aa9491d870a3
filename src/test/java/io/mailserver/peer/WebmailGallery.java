package io.mailserver.peer;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of the webmail for a person to look at: {@code ./dev screenshots} writes them into {@code target/screenshots}. */
@Tag("peer")
@Timeout(600)
class WebmailGallery {
    private static final Path TARGET = Path.of("target/screenshots");

    @TempDir
    private Path folder;

    @Test
    void pictures() throws Exception {
        try (WebmailServer server = new WebmailServer(folder)) {
            correspondence(server);
            Chromium.Page page = server.window();
            page.screenshot(TARGET.resolve("sign-in.png"));
            page = server.signedIn();
            page.waitForText(".row .subject", "Notes on the engine");
            page.click(".row .subject", "Notes on the engine");
            page.waitFor("document.querySelectorAll('.message .text-body').length > 0");
            for (boolean dark : new boolean[] {false, true}) {
                page.dark(dark);
                page.waitFor("getComputedStyle(document.documentElement).colorScheme === '" + (dark ? "dark" : "light") + "'");
                page.screenshot(TARGET.resolve(dark ? "conversation-dark.png" : "conversation.png"));
            }
            page.dark(false);
            page.click(".message .to-line");
            page.waitFor("document.querySelector('.details')");
            page.screenshot(TARGET.resolve("details.png"));
            page.click(".row .subject", "Spring");
            page.waitFor("document.querySelector('iframe.html-body')?.contentDocument.body.textContent.includes('Spring')");
            page.screenshot(TARGET.resolve("html.png"));
            page.press("/");
            page.type("publish ");
            page.waitForText(".row mark", "publish");
            page.screenshot(TARGET.resolve("search.png"));
            page.press("Escape");
            page.waitForText(".row .subject", "Message number");
            page.press("?");
            page.waitFor("document.querySelector('dialog')");
            page.screenshot(TARGET.resolve("keys.png"));
            page.press("Escape");
            page.press("c");
            page.waitFor("document.querySelector('.ProseMirror')");
            page.screenshot(TARGET.resolve("compose.png"));
            page.go(server.base() + "/settings/look");
            page.waitFor("document.querySelector('.settings .card')");
            page.screenshot(TARGET.resolve("settings.png"));
            page.size(390, 844, true);
            page.go(server.base() + "/mail/inbox");
            page.waitForText(".row .subject", "Message number");
            page.screenshot(TARGET.resolve("phone-list.png"));
            page.click(".row .subject", "Message number");
            page.waitFor("document.querySelector('.message .body')");
            page.screenshot(TARGET.resolve("phone-conversation.png"));
        }
    }

    private static void correspondence(WebmailServer server) throws Exception {
        server.receive("Ada Lovelace <ada@analytical.example>", "Notes on the engine", "Message-ID: <1@analytical.example>\n",
                "I have read the translation and added notes.\nThey have grown longer than the text itself.\n\nAda");
        server.receive("Grace Hopper <grace@navy.example>", "Re: Notes on the engine", "In-Reply-To: <1@analytical.example>\n",
                "Then let us publish.\n\n> I have read the translation and added notes.\n> They have grown longer\n"
                        + "> than the text itself.\n>\n> Ada\n\n-- \nGrace Hopper");
        server.receiveHtml("The Shop <news@shop.example>", "Spring is here", "<body style='background:#f5efe6'>"
                + "<table width=560 align=center"
                + " style='background:#fff;padding:24px'><tr><td>\n"
                + "<img src='https://shop.example/banner.png' width=500 height=90>\n"
                + "<h1 style='color:#7b3f00;font-family:Georgia'>Spring is here</h1><p>Fresh colours, light fabrics.</table>");
        for (int i = 1; i <= 14; i++) {
            server.receiveText("Person " + i + " <p" + i + "@remote.example>", "Message number " + i, "This is text " + i + ".");
        }
    }
}
