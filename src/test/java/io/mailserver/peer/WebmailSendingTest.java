package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Mail that is written in the browser: it leaves, arrives, is found, is answered; and it is taken back in time. */
class WebmailSendingTest extends InTheBrowser {
    @Test
    void sending() throws Exception {
        Chromium.Page page = server.signedIn();
        takenBackInTime(page);
        sentToOneself(page);
        foundBySearching(page);
        answered(page);
        sentLater(page);
        assertThat(page.errors.stream().filter(error -> error.contains("exception"))).isEmpty();
    }

    /** Within the eight seconds nothing leaves. */
    private static void takenBackInTime(Chromium.Page page) throws Exception {
        write(page, "Lunch with zebras", "At noon by the gate?");
        page.click(".composer .send .primary");
        page.waitForText(".toast", "Sending");
        page.click(".toast button", "Undo");
        page.waitForText(".composer .ProseMirror", "At noon by the gate?");
        page.waitForText(".composer .token", "postmaster");
    }

    private void sentToOneself(Chromium.Page page) throws Exception {
        page.choose(".composer input[type=file]", Files.writeString(folder.resolve("plan.txt"), "Bring the hay.\n"));
        page.waitForText(".attached .name", "plan.txt");
        page.waitFor("!document.querySelector('.attached progress')");
        atOnce(page);
        page.click(".composer .send .primary");
        page.waitFor("!document.querySelector('.composer')");
        // It comes by itself, once, though it stands in Sent as well.
        page.waitForText(".row.unread .subject", "Lunch with zebras");
        assertThat(page.value("document.querySelectorAll('.row .thread-count').length").asInt()).isZero();
        page.click(".row .subject", "Lunch with zebras");
        page.waitForText(".thread .attachment strong", "plan.txt");
        page.waitFor("document.querySelectorAll('.thread .message').length === 1");
        page.click(".sidebar .folder a", "Drafts");
        page.waitForText(".list .nothing", "Nothing here");
        page.click(".sidebar .folder a", "Sent");
        page.waitForText(".row .subject", "Lunch with zebras");
    }

    private static void foundBySearching(Chromium.Page page) throws Exception {
        page.press("/");
        page.type("zebras has:attachment from:postmaster");
        page.waitForText(".row mark", "zebras");
        page.waitFor(ROWS + " === 1");
        page.press("Escape");
        page.click(".sidebar .folder a", "Inbox");
        page.waitForText(".row .subject", "Lunch with zebras");
    }

    private static void answered(Chromium.Page page) throws Exception {
        page.click(".row .subject", "Lunch with zebras");
        shown(page, "At noon by the gate?");
        page.click(".answer-bar button", "Reply");
        page.waitForText(".composer .quoted-bar", "Quote");
        page.waitFor("document.activeElement.classList.contains('ProseMirror')");
        page.type("Gladly, with two of them.");
        page.click(".composer .send .primary");
        page.waitFor("!document.querySelector('.composer')");
        shown(page, "Gladly, with two of them.");
        page.waitFor("document.querySelectorAll('.thread .message').length === 2");
        page.waitForText(".row .thread-count", "2");
        page.press("u");
        page.waitFor("!document.querySelector('.thread')");
    }

    private static void sentLater(Chromium.Page page) throws Exception {
        write(page, "Tomorrow's news", "Not before the morning.");
        page.click(".composer .send button[aria-label='Send later']");
        page.click(".menu button", "Tomorrow morning");
        page.waitForText(".toast", "Will be sent");
        page.waitFor("!document.querySelector('.composer')");
        page.click(".sidebar .folder a", "Sent");
        page.click(".row .subject", "Tomorrow's news");
        page.waitForText(".notice.scheduled", "8:00");
        page.click(".notice.scheduled button", "Do not send");
        page.waitForText(".composer .ProseMirror", "Not before the morning.");
        page.waitFor("!document.querySelector('.notice.scheduled')");
        page.click(".composer button[aria-label='Discard draft']");
        page.waitFor("!document.querySelector('.composer')");
    }

    /** What was written as rich text is shown in a frame. */
    private static void shown(Chromium.Page page, String text) throws Exception {
        page.waitFor("[...document.querySelectorAll('.thread iframe')].some(f => f.contentDocument.body.textContent.includes("
                + Chromium.quoted(text) + "))");
    }

    /** A message to oneself in an open window. */
    private static void write(Chromium.Page page, String subject, String text) throws Exception {
        page.press("c");
        page.waitFor("document.querySelector('.ProseMirror') && document.activeElement.id === 'to'");
        page.type(MailServer.USER);
        page.press(",");
        page.waitForText(".token", "postmaster");
        WebmailSmokeTest.fill(page, "#subject", subject);
        page.value("document.querySelector('.ProseMirror').focus()");
        page.type(text);
    }

    /** The setting by which mail cannot be taken back: what follows leaves without waiting. */
    private static void atOnce(Chromium.Page page) throws Exception {
        page.click(".composer header button[aria-label='Minimize']");
        page.click(".avatar-button");
        page.click("[role=menuitem]", "Settings");
        page.click(".tabs a", "Writing");
        page.waitForText(".settings h2", MailServer.USER);
        page.value("(() => { const s = [...document.querySelectorAll('select')].find(s => [...s.options].some(o => o.value === '30'));"
                + " s.value = '0'; s.dispatchEvent(new Event('change', {bubbles: true})); })()");
        page.click(".sidebar .folder a", "Inbox");
        page.click(".composer header button[aria-label='Minimize']");
        page.waitFor("document.querySelector('.composer:not(.small)')");
    }
}
