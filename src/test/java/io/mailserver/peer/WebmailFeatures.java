package io.mailserver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Features one by one, as a person uses them. Not in {@code ./dev test}: {@code ./dev web-test} runs it. */
@Tag("peer")
@Timeout(300)
@Execution(ExecutionMode.SAME_THREAD)
class WebmailFeatures {
    private static final String ROWS = "document.querySelectorAll('.row:not(.skeleton)').length";

    /** A PDF with nothing on it. */
    private static final String PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            + "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
            + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

    @TempDir
    private Path folder;

    private WebmailServer server;
    private Chromium.Page page;

    @BeforeEach
    void start() throws Exception {
        server = new WebmailServer(folder);
        server.receiveText("Ada Lovelace <ada@analytical.example>", "Notes on the engine", "They have grown longer than the text.");
        server.receiveText("Bob <bob@build.example>", "Invoice for the bridge", "Please pay " + "x".repeat(200) + "\n"
                + "A long line.\n".repeat(3000));
        server.receive("Cem <cem@files.example>", "Three files", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
                "--b\nContent-Type: text/plain\n\nSee below.\n"
                        + file("plan.txt", "text/plain", "Bring hay.") + file("plan.txt", "text/plain", "Bring more hay.")
                        + file("drawing.pdf", "application/pdf", PDF) + file("trap.pdf", "application/pdf", "<script>top.hacked=1</script>")
                        + "--b--");
        page = server.signedIn();
        page.waitFor(ROWS + " === 3");
    }

    private static String file(String name, String type, String content) {
        return "--b\nContent-Type: " + type + "; name=" + name + "\nContent-Disposition: attachment; filename=" + name
                + "\nContent-Transfer-Encoding: base64\n\n"
                + Base64.getMimeEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)).replace("\r", "") + "\n";
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void searchOperators() throws Exception {
        for (String[] search : List.of(
                new String[] {"from:ada", "Notes on the engine"},
                new String[] {"from:\"Ada Lovelace\"", "Notes on the engine"},
                new String[] {"to:postmaster bridge", "Invoice for the bridge"},
                new String[] {"subject:engine", "Notes on the engine"},
                new String[] {"subject:\"for the bridge\"", "Invoice for the bridge"},
                new String[] {"body:longer", "Notes on the engine"},
                new String[] {"has:attachment", "Three files"},
                new String[] {"larger:20k", "Invoice for the bridge"},
                new String[] {"smaller:1k from:ada", "Notes on the engine"},
                new String[] {"after:1d from:bob", "Invoice for the bridge"},
                new String[] {"before:2099-01-01 from:cem", "Three files"},
                new String[] {"in:inbox from:cem", "Three files"},
                new String[] {"is:unread from:ada", "Notes on the engine"},
                new String[] {"-from:ada -has:attachment", "Invoice for the bridge"})) {
            search(search[0]);
            page.waitFor(ROWS + " === 1");
            page.waitForText(".row .subject", search[1]);
        }
        for (String nothing : List.of(
                "before:2001-02-03", "after:2099", "in:sent", "larger:9m", "is:flagged", "label:travel", "from:nobody")) {
            search(nothing);
            page.waitForText(".list .nothing", "Nothing found");
        }
        // What is no operator is looked for as it stands.
        search("http://nowhere");
        page.waitForText(".list .nothing", "Nothing found");
        page.press("Escape");
        page.waitFor(ROWS + " === 3");
        page.value("document.querySelector('#search').focus()");
        page.click(".search-keys button", "has:attachment");
        page.waitFor("document.querySelector('#search').value.trim() === 'has:attachment' && " + ROWS + " === 1");
    }

    private void search(String text) throws Exception {
        page.value("document.getElementById('search').focus(); document.getElementById('search').select()");
        page.type(text);
        page.waitFor("new URLSearchParams(location.search).get('q') === " + Chromium.quoted(text)
                + " && document.querySelector('.list .bar .muted').textContent !== ''");
    }

    @Test
    void filesAreLookedAtAndPacked() throws Exception {
        page.click(".row .subject", "Three files");
        page.waitFor("document.querySelectorAll('.attachment').length === 4");
        page.value("(() => { const make = URL.createObjectURL;"
                + " URL.createObjectURL = b => { window.made = b; return make.call(URL, b); }; })()");
        page.click(".attachments .link-button", "Download all 4");
        page.waitForText(".toast", "Three files.zip");
        String packed = page.value("new Promise(done => { const r = new FileReader(); r.onload = () => done(r.result.split(',')[1]);"
                + " r.readAsDataURL(window.made); })").asString();
        assertThat(unpacked(Base64.getDecoder().decode(packed))).containsOnlyKeys("plan.txt", "plan (2).txt", "drawing.pdf", "trap.pdf")
                .containsEntry("plan (2).txt", "Bring more hay.").containsEntry("drawing.pdf", PDF);
        page.click(".attachment", "plan.txt");
        page.waitForText("dialog .source", "Bring hay.");
        page.click("dialog button[aria-label=Next]");
        page.waitForText("dialog .source", "Bring more hay.");
        page.press("Escape");
        for (String name : List.of("drawing.pdf", "trap.pdf")) {
            page.click(".attachment", name);
            page.waitFor("document.querySelector('dialog iframe.pdf')?.src.startsWith('blob:')");
            assertThat(page.value("window.made.type").asString()).as("never what the message says it is").isEqualTo("application/pdf");
            assertThat(page.value("window.hacked === undefined").asBoolean()).isTrue();
            page.press("Escape");
            page.waitFor("!document.querySelector('dialog')");
        }
    }

    private static Map<String, String> unpacked(byte[] octets) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(octets))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @Test
    void draggingToFoldersAndIntoAMessage() throws Exception {
        page.value("window.drag = (from, to) => { const d = new DataTransfer();"
                + " const send = (e, type) => e.dispatchEvent(new DragEvent(type, {dataTransfer: d, bubbles: true, cancelable: true}));"
                + " send(from, 'dragstart'); send(to, 'dragover'); send(to, 'drop'); }");
        page.value("drag([...document.querySelectorAll('.row')].find(r => r.textContent.includes('Invoice')),"
                + " [...document.querySelectorAll('.folder')].find(f => f.textContent.includes('Archive')))");
        page.waitForText(".toast", "Moved to Archive");
        page.waitFor(ROWS + " === 2");
        page.press("z");
        page.waitFor(ROWS + " === 3");
        // Several that are selected go together.
        page.value("[...document.querySelectorAll('.row')].slice(0, 2).forEach(r => r.querySelector('.select').click())");
        page.waitForText(".bar.selecting h1", "2 selected");
        page.value("drag(document.querySelector('.row.selected'),"
                + " [...document.querySelectorAll('.folder')].find(f => f.textContent.includes('Trash')))");
        page.waitFor(ROWS + " === 1");
        page.press("c");
        page.waitFor("document.querySelector('.ProseMirror')");
        page.value("(() => { const d = new DataTransfer(); d.items.add(new File(['a,b'], 'dropped.csv', {type: 'text/csv'}));"
                + " document.querySelector('.composer-body').dispatchEvent(new DragEvent('drop',"
                + " {dataTransfer: d, bubbles: true, cancelable: true})); })()");
        page.waitForText(".attached .name", "dropped.csv");
        page.waitForText(".composer .state", "Saved");
    }

    @Test
    void namesAreKnownWhileTyping() throws Exception {
        page.press("c");
        page.waitFor("document.activeElement.id === 'to'");
        page.type("lov");
        page.waitForText(".suggestions", "ada@analytical.example");
        page.press("Enter");
        page.waitForText(".token", "Ada Lovelace");
        page.type("not an address");
        page.press(",");
        page.waitForText(".token.bad", "not an address");
        page.click(".composer .send .primary");
        page.waitForText(".toast.bad", "is not an address");
    }

    @Test
    void foldersAreMadeRenamedAndRemoved() throws Exception {
        page.click(".heading button[aria-label='New folder']");
        page.waitFor("document.querySelector('dialog input')");
        page.type("Bridges");
        page.press("Enter");
        page.waitForText(".folder .name", "Bridges");
        folder("Bridges", "New folder in it");
        page.waitFor("document.querySelector('dialog input')");
        page.type("Steel");
        page.press("Enter");
        page.waitForText(".folder .name", "Steel");
        folder("Steel", "Rename");
        page.waitFor("document.querySelector('dialog input')?.value === 'Steel'");
        WebmailSmokeTest.fill(page, "dialog input", "Stone");
        page.press("Enter");
        page.waitForText(".folder .name", "Stone");
        page.waitFor("![...document.querySelectorAll('.folder .name')].some(e => e.textContent === 'Steel')");
        folder("Stone", "Delete");
        page.waitForText("dialog", "The folder is empty.");
        page.click("dialog .danger");
        page.waitFor("![...document.querySelectorAll('.folder .name')].some(e => e.textContent === 'Stone')");
    }

    private void folder(String name, String action) throws Exception {
        page.value("document.querySelector(" + Chromium.quoted("button[aria-label='Actions for " + name + "']") + ").click()");
        page.click(".folder .menu button", action);
    }

    @Test
    void newMailIsToldOf() throws Exception {
        page.value("window.Notification = class { static permission = 'granted';"
                + " static async requestPermission() { return 'granted'; }"
                + " constructor(title, more) { (window.told ??= []).push(title + ': ' + more.body); } };"
                + " document.hasFocus = () => false; 0");
        page.click(".avatar-button");
        page.click("[role=menuitem]", "Settings");
        page.click(".tabs a", "Look");
        page.click(".check", "Notify of new mail");
        page.click(".sidebar .folder a", "Inbox");
        page.waitFor(ROWS + " === 3");
        server.receiveText("Grace <grace@navy.example>", "A moth", "In the relay.");
        page.waitFor("window.told?.length === 1");
        assertThat(page.value("window.told[0]").asString()).startsWith("Grace: A moth").contains("In the relay.");
        page.waitFor("document.title.startsWith('(4)')");
    }

    @Test
    void anInvitationBecomesAnAccount() throws Exception {
        Chromium.Page guest = server.window();
        String link = server.link("account.invite", "for", "example.com");
        guest.go(link);
        guest.waitForText(".sign-in p", "You are invited to have mail at example.com");
        assertThat(guest.value("location.href").asString()).as("the secret does not stay in the address").endsWith("/welcome");
        WebmailSmokeTest.fill(guest, "input[name=name]", "postmaster");
        WebmailSmokeTest.fill(guest, "input[name=displayName]", "Emmy Noether");
        WebmailSmokeTest.fill(guest, "input[name=password]", "symmetry and more");
        WebmailSmokeTest.fill(guest, "input[name=again]", "symmetry");
        guest.press("Enter");
        guest.waitForText(".problem", "not the same");
        WebmailSmokeTest.fill(guest, "input[name=again]", "symmetry and more");
        guest.press("Enter");
        guest.waitForText(".problem", "postmaster@example.com");
        WebmailSmokeTest.fill(guest, "input[name=name]", "emmy");
        guest.press("Enter");
        guest.waitForText(".list .nothing", "Nothing here");
        guest.waitFor("document.querySelector('.avatar-button').getAttribute('aria-label').includes('emmy@example.com')");
        Chromium.Page second = server.window();
        second.go(link);
        second.waitForText(".problem", "used already");
    }

    @Test
    void aLostPasswordIsSetAnew() throws Exception {
        Chromium.Page owner = server.window();
        owner.go(server.link("account.reset-link", "address", MailServer.USER));
        owner.waitForText(".sign-in p", MailServer.USER);
        WebmailSmokeTest.fill(owner, "input[name=password]", "found again");
        WebmailSmokeTest.fill(owner, "input[name=again]", "found again");
        owner.press("Enter");
        owner.waitFor(ROWS + " === 3");
        // Where the old password was used, one is asked to sign in.
        page.click(".sidebar .folder a", "Sent");
        page.waitFor("document.querySelector('input[name=username]')");
    }

    /** Some settings are shown only where the server has what they set. */
    private void requireOffered(String capability) throws Exception {
        assumeTrue(page.value("fetch('/.well-known/jmap').then(r => r.json()).then(s => " + Chromium.quoted(capability)
                + " in s.capabilities)").asBoolean(), "the server does not offer " + capability);
    }

    @Test
    void passwordsAndDevices() throws Exception {
        requireOffered("urn:mailserver:jmap");
        Chromium.Page other = server.signedIn();
        page.go(server.base() + "/settings/account");
        page.waitForText(".devices .chip", "this device");
        page.waitFor("document.querySelectorAll('section[aria-label^=Devices] li').length === 2");
        page.click("section[aria-label^=Devices] li button", "Sign out");
        page.waitFor("document.querySelectorAll('section[aria-label^=Devices] li').length === 1");
        other.click(".sidebar .folder a", "Sent");
        other.waitFor("document.querySelector('input[name=username]')");
        page.click("button", "New password for a program");
        page.waitFor("document.querySelector('dialog input')");
        page.type("My phone");
        page.press("Enter");
        page.waitFor("document.querySelector('dialog input[type=password]')");
        page.type(server.password());
        page.press("Enter");
        page.waitForText(".notice.secret", "My phone");
        page.waitForText(".devices strong", "My phone");
        WebmailSmokeTest.fill(page, "input[name=current]", "not the password");
        WebmailSmokeTest.fill(page, "input[name=password]", "a better one by far");
        WebmailSmokeTest.fill(page, "input[name=again]", "a better one by far");
        page.press("Enter");
        page.waitForText(".problem", "not right");
        WebmailSmokeTest.fill(page, "input[name=current]", server.password());
        page.press("Enter");
        page.waitForText(".toast", "Password changed");
        page.click(".sidebar .folder a", "Inbox");
        page.waitFor(ROWS + " === 3");
    }

    @Test
    void awayFromHome() throws Exception {
        requireOffered("urn:ietf:params:jmap:vacationresponse");
        page.go(server.base() + "/settings/vacation");
        page.click(".check", "Answer while I am away");
        WebmailSmokeTest.fill(page, ".settings textarea", "Back in May.");
        page.click(".settings button", "Save");
        page.waitForText(".toast", "The answer is on");
        page.go(server.base() + "/settings/vacation");
        page.waitFor("document.querySelector('.settings textarea')?.value === 'Back in May.'"
                + " && document.querySelector('.settings .check input').checked");
    }

    @Test
    void keysAreExplained() throws Exception {
        page.press("?");
        for (String key : List.of("Archive", "Reply all", "Search mail", "Undo", "Next conversation")) {
            page.waitForText("dialog .keys dd", key);
        }
        page.press("Escape");
        page.press("g");
        page.press("s");
        page.waitFor("location.pathname === '/mail/sent'");
        page.press("g");
        page.press("i");
        page.waitFor("location.pathname === '/mail/inbox'");
    }
}
