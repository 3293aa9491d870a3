package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The paths that people take through the webmail every day, in a real browser against the whole server. */
class WebmailSmokeTest extends InTheBrowser {
    /** Signing in as a new user would, looking around, reading; one browser for all of it, since starting one takes seconds. */
    @Test
    void readingMail() throws Exception {
        server.receive("Ada <ada@sender.example>", "Engine",
                "Message-ID: <1@sender.example>\nX-Spam-Status: Yes, score=99.5 required=5 tests=SAID_BY_ITS_SENDER=99.5\n",
                "Shall we publish the word xylophone?");
        server.receive("Grace <grace@sender.example>", "Re: Engine",
                "In-Reply-To: <1@sender.example>\nX-Spam-Status: Yes, score=99.5 required=5 tests=SAID_BY_ITS_SENDER=99.5\n",
                "> Shall we\n> publish\n> all\n> of it?\n\nYes, see https://example.org/notes now.");
        server.receiveText("Emmy <emmy@sender.example>", "Symmetries", "Grüße & <b>no markup</b>");
        Chromium.Page page = server.window();
        signIn(page);
        theListShowsConversations(page);
        aConversationIsRead(page);
        searchingMarksWhatItFinds(page);
        newMailComesByItself(page);
        keysWork(page);
        aPhoneFits(page);
        german(page);
        signOut(page);
        assertThat(page.errors.stream().filter(error -> !error.contains("401"))).isEmpty();
        assertThat(page.requests)
                .allMatch(url -> url.startsWith(server.base()) || url.startsWith("data:") || url.startsWith("about:"));
    }

    private void signIn(Chromium.Page page) throws Exception {
        fill(page, "input[name=username]", MailServer.USER);
        fill(page, "input[name=password]", "wrong");
        page.press("Enter");
        page.waitForText(".problem", "do not fit");
        fill(page, "input[name=password]", server.password());
        page.press("Enter");
        page.waitFor(ROWS + " === 2");
        assertThat(page.value("document.cookie").asString()).as("no script sees the cookie").isEmpty();
        assertThat(page.value("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)").asString())
                .doesNotContain(server.password());
    }

    private static void theListShowsConversations(Chromium.Page page) throws Exception {
        page.waitForText(".folder.current .count", "2");
        page.waitForText(".bar", "2 conversations");
        page.waitForText(".row.unread .people", "Ada, Grace");
        page.waitForText(".row .thread-count", "2");
        page.waitForText(".row .preview", "Grüße & <b>no markup</b>");
    }

    private static void aConversationIsRead(Chromium.Page page) throws Exception {
        page.click(".row .subject", "Engine");
        page.waitForText(".thread-subject", "Engine");
        page.waitForText(".message .text-body", "Yes, see");
        assertThat(page.value("document.querySelector('.text-body a').href").asString()).isEqualTo("https://example.org/notes");
        assertThat(page.value("document.querySelector('.text-body details.quote').open").asBoolean()).isFalse();
        page.click(".message .to-line");
        page.waitForText(".details dd", "Ada <ada@sender.example>");
        page.waitForText(".judgement", "It is not signed.");
        assertThat(page.value("document.querySelector('.judgement').textContent").asString()).doesNotContain("99.5");
        page.waitFor("location.pathname.startsWith('/mail/inbox/')");
        page.press("u");
        page.waitFor("document.querySelector('.reader .nothing')");
    }

    private static void searchingMarksWhatItFinds(Chromium.Page page) throws Exception {
        page.press("/");
        page.type("xylophone");
        page.waitFor(ROWS + " === 1 && location.search.includes('xylophone')");
        page.waitForText(".row mark", "xylophone");
        page.value("document.getElementById('search').select()");
        page.type("from:emmy");
        page.waitForText(".row .subject", "Symmetries");
        page.waitFor(ROWS + " === 1");
        page.value("document.getElementById('search').select()");
        page.type("subject:nowhere");
        page.waitForText(".list .nothing", "Nothing found");
        page.press("Escape");
        page.waitFor(ROWS + " === 2");
    }

    private void newMailComesByItself(Chromium.Page page) throws Exception {
        server.receiveText("Barbara <barbara@sender.example>", "Just now", "Fresh.");
        page.waitForText(".row .subject", "Just now");
        page.waitFor("document.querySelector('.row .subject').textContent === 'Just now'");
    }

    private static void keysWork(Chromium.Page page) throws Exception {
        page.press("?");
        page.waitForText("dialog dd", "Next conversation");
        page.press("Escape");
        page.waitFor("!document.querySelector('dialog')");
        for (int i = 0; i < 3; i++) {
            page.press("k");
        }
        page.press("Enter");
        page.waitForText(".thread-subject", "Just now");
        page.press("j");
        page.waitFor("document.querySelectorAll('.row')[1].classList.contains('open')");
        page.waitFor("!document.querySelector('.thread-subject')?.textContent.includes('Just now')");
        page.press("Escape");
        page.waitFor("!document.querySelector('.thread')");
    }

    private void aPhoneFits(Chromium.Page page) throws Exception {
        page.size(390, 800, true);
        page.go(server.base() + "/mail/inbox");
        page.waitFor(ROWS + " > 1");
        assertThat(page.value("JSON.stringify([innerWidth, [...document.querySelectorAll('body *')]"
                + ".filter(e => e.getBoundingClientRect().right > 391).map(e => e.className)])").asString()).isEqualTo("[390,[]]");
        page.click(".row .subject", "Symmetries");
        page.waitFor("document.querySelector('.thread .body')");
        page.waitFor("getComputedStyle(document.querySelector('.list')).display === 'none'");
        assertThat(page.value("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(390);
        page.click(".back-button");
        page.click(".drawer-button");
        // It slides in.
        page.waitFor("document.querySelector('.sidebar.open').getBoundingClientRect().left === 0");
        page.click(".sidebar.open a", "Sent");
        page.waitFor("location.pathname === '/mail/sent' && !document.querySelector('.sidebar.open')");
        page.size(1366, 860, false);
    }

    private void german(Chromium.Page page) throws Exception {
        page.go(server.base() + "/settings/look");
        page.waitForText(".settings h1", "Look");
        page.value("(() => { const s = [...document.querySelectorAll('select')].find(s => [...s.options].some(o => o.value === 'de'));"
                + " s.value = 'de'; s.dispatchEvent(new Event('change', {bubbles: true})); })()");
        page.waitForText(".settings h1", "Aussehen");
        page.waitForText(".sidebar", "Posteingang");
        page.waitFor("document.documentElement.lang === 'de'");
    }

    private static void signOut(Chromium.Page page) throws Exception {
        page.click(".avatar-button");
        page.click("[role=menuitem]", "Abmelden");
        page.waitFor("document.querySelector('input[name=username]') && location.pathname === '/'");
        assertThat(page.value("fetch('/auth/session').then(r => r.status)").asInt()).isEqualTo(401);
    }

    /** Puts a text into a field as if it had been typed. */
    static void fill(Chromium.Page page, String selector, String text) throws Exception {
        page.waitFor("document.querySelector(" + Chromium.quoted(selector) + ")");
        page.value("(() => { const e = document.querySelector(" + Chromium.quoted(selector) + "); e.focus(); e.select(); })()");
        page.type(text);
    }
}
