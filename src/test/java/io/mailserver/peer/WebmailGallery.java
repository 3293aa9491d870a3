package io.mailserver.peer;

import java.nio.file.Files;
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
            everyTheme(page, "sign-in");
            page.go(server.link("account.invite", "for", "example.com"));
            page.waitForText(".sign-in p", "You are invited");
            everyTheme(page, "welcome");
            page = server.signedIn();
            page.waitForText(".row .subject", "Notes on the engine");
            reading(page);
            writing(page);
            settings(server, page, "");
            phone(server, page);
            page.size(1366, 860, false);
            german(server, page);
        }
    }

    /** The same in light and dark. */
    private static void everyTheme(Chromium.Page page, String name) throws Exception {
        for (boolean dark : new boolean[] {true, false}) {
            page.dark(dark);
            page.waitFor("getComputedStyle(document.documentElement).colorScheme === '" + (dark ? "dark" : "light") + "'");
            page.waitFor("document.getAnimations().every(a => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)");
            page.screenshot(TARGET.resolve(name + (dark ? "-dark.png" : ".png")));
        }
    }

    private static void reading(Chromium.Page page) throws Exception {
        everyTheme(page, "list");
        page.click(".row .subject", "Notes on the engine");
        page.waitFor("document.querySelectorAll('.message .text-body').length > 0");
        everyTheme(page, "conversation");
        page.click(".message .to-line");
        page.waitFor("document.querySelector('.details')");
        everyTheme(page, "details");
        page.click(".thread .bar button[aria-label='Move to']");
        page.waitFor("document.querySelector('.menu')");
        everyTheme(page, "move");
        page.press("Escape");
        page.click(".row .subject", "Spring");
        page.waitFor("document.querySelector('iframe.html-body')?.contentDocument.body.textContent.includes('Spring')");
        everyTheme(page, "html");
        page.click(".row .avatar");
        page.waitFor("document.querySelector('.bar.selecting')");
        everyTheme(page, "selection");
        page.press("Escape");
        page.press("/");
        page.type("publish ");
        page.waitForText(".row mark", "publish");
        everyTheme(page, "search");
        page.press("Escape");
        page.waitForText(".row .subject", "Message number");
        page.press("?");
        page.waitFor("document.querySelector('dialog')");
        everyTheme(page, "keys");
        page.press("Escape");
    }

    private void writing(Chromium.Page page) throws Exception {
        page.click(".row .subject", "Notes on the engine");
        page.waitFor("document.querySelectorAll('.message .text-body').length > 0");
        page.click(".answer-bar button", "Reply all");
        page.waitFor("document.querySelector('.ProseMirror') && document.querySelector('.quoted-bar')");
        page.waitFor("document.activeElement.classList.contains('ProseMirror')");
        page.type("With pleasure. I have attached the plan.");
        page.choose(".composer input[type=file]", Files.writeString(folder.resolve("plan of the engine.csv"), "a,b\n".repeat(2000)));
        page.waitForText(".composer .state", "Saved");
        everyTheme(page, "compose");
        page.click(".composer .send button[aria-label='Send later']");
        page.waitFor("document.querySelector('.composer .menu')");
        everyTheme(page, "send-later");
        page.press("Escape");
        page.click(".composer header button[aria-label='Save and close']");
        page.waitFor("!document.querySelector('.composer')");
    }

    private static void settings(WebmailServer server, Chromium.Page page, String suffix) throws Exception {
        page.go(server.base() + "/settings/account");
        page.waitFor("document.querySelector('.settings h1')");
        int pages = page.value("document.querySelectorAll('.settings .tabs a').length").asInt();
        for (int i = 0; i < pages; i++) {
            page.value("document.querySelectorAll('.settings .tabs a')[" + i + "].click()");
            page.waitFor("document.querySelector('.settings .tabs a[aria-current]')"
                    + " === document.querySelectorAll('.settings .tabs a')[" + i + "]"
                    + " && document.querySelector('.settings h1') && !document.querySelector('.settings .waiting')");
            everyTheme(page, "settings-" + (i + 1) + suffix);
        }
    }

    private static void phone(WebmailServer server, Chromium.Page page) throws Exception {
        page.size(390, 844, true);
        page.go(server.base() + "/mail/inbox");
        page.waitForText(".row .subject", "Message number");
        everyTheme(page, "phone-list");
        page.click(".drawer-button");
        page.waitFor("document.querySelector('.sidebar.open').getBoundingClientRect().left === 0");
        everyTheme(page, "phone-folders");
        page.press("Escape");
        page.waitFor("!document.querySelector('.sidebar.open')");
        page.click(".row .subject", "Spring");
        page.waitFor("document.querySelector('iframe.html-body')?.contentDocument.body.textContent.includes('Spring')");
        everyTheme(page, "phone-conversation");
        page.press("c");
        page.waitFor("document.querySelector('.ProseMirror')");
        everyTheme(page, "phone-compose");
        page.click(".composer header button[aria-label='Save and close']");
        page.waitFor("!document.querySelector('.composer')");
        page.go(server.base() + "/settings/look");
        page.waitFor("document.querySelector('.settings h1')");
        everyTheme(page, "phone-settings");
    }

    private static void german(WebmailServer server, Chromium.Page page) throws Exception {
        page.value("localStorage.setItem('mail.preferences', JSON.stringify({language: 'de'}))");
        page.go(server.base() + "/mail/inbox");
        page.waitForText(".sidebar", "Posteingang");
        page.click(".row .subject", "Notes on the engine");
        page.waitFor("document.querySelectorAll('.message .text-body').length > 0");
        everyTheme(page, "german-conversation");
        page.press("c");
        page.waitFor("document.querySelector('.ProseMirror')");
        everyTheme(page, "german-compose");
        page.click(".composer header button[aria-label='Speichern und schließen']");
        page.waitFor("!document.querySelector('.composer')");
        settings(server, page, "-german");
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
