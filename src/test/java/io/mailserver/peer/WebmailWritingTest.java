package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What people change by the webmail: tidying with its undo, folders, drafts that survive, files. */
@Tag("peer")
@Timeout(300)
@Execution(ExecutionMode.SAME_THREAD)
class WebmailWritingTest {
    private static final String ROWS = "document.querySelectorAll('.row:not(.skeleton)').length";

    @TempDir
    private Path folder;

    private WebmailServer server;

    @BeforeEach
    void start() throws Exception {
        server = new WebmailServer(folder);
        server.receiveText("Ada <ada@sender.example>", "One", "First.");
        server.receiveText("Bob <bob@sender.example>", "Two", "Second.");
        server.receiveText("Cem <cem@sender.example>", "Three", "Third.");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tidyingAndTakingBack() throws Exception {
        Chromium.Page page = server.signedIn();
        page.waitFor(ROWS + " === 3");
        archiveAndUndo(page);
        severalToTrash(page);
        starAndUnread(page);
        labels(page);
        spam(page);
        folders(page);
    }

    private static void archiveAndUndo(Chromium.Page page) throws Exception {
        page.click(".row .subject", "Two");
        page.waitForText(".thread-subject", "Two");
        page.press("e");
        page.waitForText(".toast", "Archived");
        page.waitFor(ROWS + " === 2");
        go(page, "Archive");
        page.waitForText(".row .subject", "Two");
        page.press("z");
        page.waitForText(".list .nothing", "Nothing here");
        go(page, "Inbox");
        page.waitFor(ROWS + " === 3");
    }

    private static void severalToTrash(Chromium.Page page) throws Exception {
        page.value("[...document.querySelectorAll('.row')].filter(r => /One|Two/.test(r.textContent))"
                + ".forEach(r => r.querySelector('.select').click())");
        page.waitForText(".bar.selecting h1", "2 selected");
        page.click(".bar.selecting button[aria-label=Delete]");
        page.waitForText(".toast", "2 conversations moved to Trash");
        page.waitFor(ROWS + " === 1");
        page.click(".toast button", "Undo");
        page.waitFor(ROWS + " === 3");
    }

    private static void starAndUnread(Chromium.Page page) throws Exception {
        page.click(".row .subject", "One");
        page.waitForText(".thread-subject", "One");
        page.press("s");
        page.waitFor("document.querySelector('.bar .starred')");
        page.waitFor("![...document.querySelectorAll('.row.unread')].some(r => r.textContent.includes('One'))");
        page.click(".thread .bar button[aria-label='Mark as unread']");
        page.waitForText(".row.unread .subject", "One");
    }

    private static void labels(Chromium.Page page) throws Exception {
        page.click(".row .subject", "One");
        page.waitForText(".thread-subject", "One");
        page.click(".thread .bar button[aria-label=Labels]");
        page.click(".menu button", "New label");
        page.waitFor("document.querySelector('dialog input')");
        page.type("Travel plans");
        page.press("Enter");
        page.waitForText(".thread-subject .chip", "travel-plans");
        page.click(".sidebar a", "travel-plans");
        page.waitFor("location.search.includes('label') && " + ROWS + " === 1");
        go(page, "Inbox");
        page.waitFor(ROWS + " === 3");
    }

    private static void spam(Chromium.Page page) throws Exception {
        page.click(".row .subject", "Three");
        page.waitForText(".thread-subject", "Three");
        page.press("!");
        page.waitFor(ROWS + " === 2");
        page.waitForText(".toast", "Moved to Spam; the filter learns from it");
        page.press("z");
        page.waitFor(ROWS + " === 3");
        page.click(".row .subject", "Three");
        page.waitForText(".thread-subject", "Three");
        page.press("!");
        page.waitFor(ROWS + " === 2");
        go(page, "Spam");
        page.click(".row .subject", "Three");
        page.waitForText(".thread-subject", "Three");
        page.press("!");
        page.waitForText(".list .nothing", "Nothing here");
        page.waitForText(".toast", "Moved to Inbox; the spam filter learns from it");
        go(page, "Inbox");
        page.waitFor(ROWS + " === 3");
    }

    private static void folders(Chromium.Page page) throws Exception {
        page.click(".heading button[aria-label='New folder']");
        page.waitFor("document.querySelector('dialog input')");
        page.type("Projects");
        page.press("Enter");
        page.waitForText(".folder .name", "Projects");
        page.click(".row .subject", "Two");
        page.waitForText(".thread-subject", "Two");
        page.click(".thread .bar button[aria-label='Move to']");
        page.click(".menu button", "Projects");
        page.waitFor(ROWS + " === 2");
        go(page, "Projects");
        page.waitForText(".row .subject", "Two");
    }

    private static void go(Chromium.Page page, String mailbox) throws Exception {
        page.click(".sidebar .folder a", mailbox);
        page.waitForText(".list .bar h1", mailbox);
    }

    @Test
    void draftsSurvive() throws Exception {
        Chromium.Page page = server.signedIn();
        page.press("c");
        page.waitFor("document.querySelector('.ProseMirror') && document.activeElement.id === 'to'");
        page.type("ada@sender.example,");
        page.press(",");
        page.waitForText(".token", "ada@sender.example");
        WebmailSmokeTest.fill(page, "#subject", "A long letter");
        page.value("document.querySelector('.ProseMirror').focus()");
        page.type("Dear Ada, this must not be lost.");
        page.choose(".composer input[type=file]", Files.writeString(folder.resolve("table.csv"), "a,b\n1,2\n"));
        page.waitForText(".attached .name", "table.csv");
        page.waitForText(".composer .state", "Saved");
        assertThat(page.value("localStorage.length").asInt()).as("the server has it").isZero();
        page.click(".composer header button[aria-label='Save and close']");
        go(page, "Drafts");
        page.click(".row .subject", "A long letter");
        page.waitForText(".composer .ProseMirror", "this must not be lost");
        page.waitForText(".attached .name", "table.csv");
        // Without a connection the browser keeps it, also over a reload.
        page.offline(true);
        page.value("document.querySelector('.ProseMirror').focus()");
        page.type("And more. ");
        page.waitFor("Object.values(localStorage).some(v => v.includes('And more.'))");
        page.waitForText(".composer .state", "Kept here");
        page.offline(false);
        page.waitForText(".composer .state", "Saved");
        // The file was part of copies that are gone by now.
        page.type("And more again. ");
        page.waitFor("Object.values(localStorage).some(v => v.includes('more again'))");
        page.waitFor("!Object.keys(localStorage).some(k => k.includes('unsent'))");
        page.click(".composer header button[aria-label='Save and close']");
        page.waitFor("!document.querySelector('.composer') && " + ROWS + " === 1");
        page.waitForText(".folder.current .count", "1");
        page.click(".row .subject", "A long letter");
        page.waitForText(".composer .ProseMirror", "And more again.");
        page.waitForText(".attached .name", "table.csv");
        page.click(".composer button[aria-label='Discard draft']");
        page.waitForText(".list .nothing", "Nothing here");
        go(page, "Trash");
        page.waitForText(".row .subject", "A long letter");
        assertThat(page.errors.stream().filter(error -> error.contains("exception"))).isEmpty();
    }
}
