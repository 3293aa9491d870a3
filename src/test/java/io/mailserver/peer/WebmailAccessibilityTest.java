package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** WCAG 2.2 A and AA as far as axe-core can tell, on every main screen, and what can be done by keys alone. */
class WebmailAccessibilityTest extends InTheBrowser {
    private static final String RULES =
            "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false}";

    private final List<String> findings = new ArrayList<>();

    @BeforeEach
    void fill() throws Exception {
        server.receive("Ada <ada@sender.example>", "Engine", "Message-ID: <1@sender.example>\n", "Shall we publish?");
        server.receive("Grace <grace@sender.example>", "Re: Engine", "In-Reply-To: <1@sender.example>\n",
                "> Shall we\n> publish\n> all\n> of it?\n\nYes, see https://example.org/notes now.\n\n-- \nGrace");
        server.receiveHtml("Shop <shop@sender.example>", "Spring", "<h1>Spring</h1><img src='https://shop.example/a.png'><p>is here");
    }

    @Test
    void axeFindsNothing() throws Exception {
        Chromium.Page page = server.window();
        look(page, "sign-in");
        page = server.signedIn();
        page.waitForText(".row .subject", "Spring");
        for (boolean dark : new boolean[] {false, true}) {
            page.dark(dark);
            page.waitFor("getComputedStyle(document.documentElement).colorScheme === '" + (dark ? "dark" : "light") + "'");
            wide(page, dark ? "dark " : "");
        }
        page.size(390, 800, true);
        page.go(server.base() + "/mail/inbox");
        page.waitForText(".row .subject", "Spring");
        look(page, "phone list");
        page.click(".row .subject", "Engine");
        page.waitFor("document.querySelector('.thread .body')");
        look(page, "phone conversation");
        assertThat(findings).isEmpty();
    }

    private void wide(Chromium.Page page, String which) throws Exception {
        page.go(server.base() + "/mail/inbox");
        page.waitForText(".row .subject", "Spring");
        look(page, which + "list");
        page.click(".row .avatar");
        page.waitFor("document.querySelector('.bar.selecting')");
        look(page, which + "selection");
        page.press("Escape");
        page.click(".row .subject", "Engine");
        page.waitForText(".message .text-body", "Yes, see");
        page.click(".message .to-line");
        page.waitFor("document.querySelector('.details')");
        look(page, which + "conversation");
        page.click(".thread .bar button[aria-label='Move to']");
        page.waitFor("document.querySelector('.menu')");
        look(page, which + "menu");
        page.press("Escape");
        page.click(".row .subject", "Spring");
        page.waitFor("document.querySelector('.notice')");
        look(page, which + "html");
        page.press("c");
        page.waitFor("document.querySelector('.ProseMirror')");
        look(page, which + "compose");
        page.click(".composer header button[aria-label='Save and close']");
        page.waitFor("!document.querySelector('.composer')");
        page.press("?");
        page.waitFor("document.querySelector('dialog')");
        look(page, which + "keys");
        page.press("Escape");
        for (String name : List.of("account", "writing", "look")) {
            page.go(server.base() + "/settings/" + name);
            page.waitFor("document.querySelector('.settings h1')");
            look(page, which + "settings " + name);
        }
    }

    /** Has axe look at what is on the screen now, once nothing moves any more: colours in between have no contrast of their own. */
    private void look(Chromium.Page page, String screen) throws Exception {
        page.waitFor("document.getAnimations().every(a => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)");
        if (!page.value("typeof axe === 'object'").asBoolean()) {
            page.value(script() + "; 0");
        }
        JsonNode found = page.value("axe.run(document, " + RULES + ").then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': '"
                + " + n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + (n.any.concat(n.all, n.none)[0]?.message ?? ''))))");
        found.forEach(each -> findings.add(screen + ": " + each.asString()));
    }

    private static String script() throws IOException {
        try (InputStream in = WebmailAccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** From an empty page to a written answer and back without a mouse: by Tab, Enter, arrows and the focus that one can see. */
    @Test
    void everythingIsReachedByKeys() throws Exception {
        Chromium.Page page = server.signedIn();
        page.waitForText(".row .subject", "Spring");
        tabTo(page, "document.activeElement.matches('.skip')");
        assertThat(page.value("document.activeElement.getBoundingClientRect().left >= 0").asBoolean()).as("the way past is seen").isTrue();
        tabTo(page, "document.activeElement.matches('#search')");
        tabTo(page, "document.activeElement.matches('.compose-button')");
        tabTo(page, "document.activeElement.matches('.folder a')");
        tabTo(page, "document.activeElement.matches('.row')");
        assertThat(page.value("getComputedStyle(document.activeElement).outlineStyle").asString()).isNotEqualTo("none");
        tabTo(page, "document.activeElement.matches('.row') && document.activeElement.textContent.includes('Engine')");
        page.press("Enter");
        page.waitForText(".thread-subject", "Engine");
        page.waitFor("document.querySelector('.thread').contains(document.activeElement)");
        tabTo(page, "document.activeElement.getAttribute('aria-label') === 'Labels'");
        page.press("Enter");
        page.waitFor("document.activeElement.closest('.menu')");
        page.press("Escape");
        page.waitFor("document.activeElement.getAttribute('aria-label') === 'Labels'");
        tabTo(page, "document.activeElement.matches('.answer-bar button')");
        page.press("Enter");
        page.waitFor("document.activeElement.classList.contains('ProseMirror')");
        page.type("By keys alone.");
        page.press("Escape");
        page.waitForText(".toast", "Draft saved");
        page.waitFor("!document.querySelector('.composer')");
        page.press("?");
        page.waitFor("document.querySelector('dialog').contains(document.activeElement)");
        for (int i = 0; i < 4; i++) {
            page.press("Tab");
            assertThat(page.value("document.activeElement === document.body"
                    + " || document.querySelector('dialog').contains(document.activeElement)").asBoolean())
                    .as("the focus stays in a window above the others").isTrue();
        }
        page.press("Escape");
        page.waitFor("!document.querySelector('dialog')");
    }

    private static void tabTo(Chromium.Page page, String condition) throws Exception {
        for (int i = 0; i < 60; i++) {
            page.press("Tab");
            if (page.value("Boolean(" + condition + ")").asBoolean()) {
                return;
            }
        }
        throw new AssertionError("no Tab leads to " + condition + "; it is at "
                + page.value("document.activeElement.outerHTML.slice(0, 300)"));
    }
}
