package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailserver.maildir.DovecotKeywords;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirListing;
import io.mailserver.maildir.MaildirListing.Entry;
import io.mailserver.maildir.SubscriptionsFile;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other programs do to the files of an account, and what they see there. */
class OtherProgramsTest {
    private static final String HELLO = "Subject: hello\r\nMessage-ID: <1@x>\r\n\r\nhello\r\n";

    private final SimulatedDisk disk = new SimulatedDisk(1).journaled();
    private StoreWorld world = world();
    private AccountMail mail = open();

    private StoreWorld world() {
        try {
            return new StoreWorld(disk.root());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private AccountMail open() {
        try {
            return world.open();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void makeInbox() throws IOException {
        for (Path path : List.of(inbox().tmp(), inbox().fresh(), inbox().cur())) {
            Files.createDirectories(path);
        }
    }

    /** Whatever happened: once every mailbox was looked at, all that is stored agrees. */
    @AfterEach
    void check() throws Exception {
        reopen();
        for (MailboxInfo mailbox : mail.mailboxes().all()) {
            mail.mailbox(mailbox.id()).messages();
        }
        assertThat(world.store.check(StoreWorld.ALICE)).isEmpty();
        close();
    }

    private void close() {
        mail.close();
        world.close();
    }

    @Test
    void aFileDroppedInIsAMessage() throws Exception {
        drop("new/1.other", "Subject: x\n\nlf\n");
        drop("cur/2.other:2,FS", HELLO);
        assertThat(flags()).containsExactly("1 ", "2 \\Flagged \\Seen");
        assertThat(StoreWorld.text(messages(), 1)).isEqualTo("Subject: x\r\n\r\nlf\r\n");
        assertThat(messages().messages().size(0)).isEqualTo(18);
        assertThat(StoreWorld.text(messages(), 2)).isEqualTo(HELLO);
    }

    @Test
    void aDroppedFileGetsItsNumberAfterAMinute() throws Exception {
        drop("new/1.other,U=5", HELLO);
        assertThat(flags()).hasSize(1);
        world.time.advance(Duration.ofSeconds(50));
        becomesWithoutWaiting("new/1.other,U=5");
        becomes("new/1.other,U=5,I=" + number(1));
    }

    @Test
    void flagsReachNamesWithinHalfAMinute() throws Exception {
        world.deliver(HELLO);
        store(1, Flag.SEEN, new Flag("$Forwarded"), new Flag("label"));
        assertThat(names()).allMatch(name -> name.startsWith("new/") && !name.contains(":"));
        world.time.advance(Duration.ofSeconds(30));
        becomesWithoutWaiting(":2,PSab");
        assertThat(DovecotKeywords.read(inbox()).names()).containsExactlyInAnyOrder("$Forwarded", "label");
        assertThat(flags()).hasSize(1);
    }

    @Test
    void flagsReachNamesAtOnceWhenTheStoreCloses() throws Exception {
        world.deliver(HELLO);
        store(1, Flag.FLAGGED);
        mail.mailboxes().subscribe(MailboxName.of("x.y"), true);
        String number = number(1);
        close();
        assertThat(names()).singleElement().asString().endsWith("I=" + number + ":2,F");
        assertThat(SubscriptionsFile.read(inbox().path())).extracting(Object::toString).contains("x.y", "Sent");
    }

    @Test
    void flagsThatOtherProgramsSetAreMergedWithOurs() throws Exception {
        world.deliver(HELLO);
        store(1, Flag.SEEN);
        // Its name does not say Seen yet; another program answers it.
        rename(names().getFirst(), "R");
        assertThat(flags()).containsExactly("1 \\Answered \\Seen");
        becomes(":2,RS");
        rename(names().getFirst(), "S");
        look();
        assertThat(flags()).containsExactly("1 \\Seen");
    }

    @Test
    void keywordsThatDovecotNamesAreKeywords() throws Exception {
        world.deliver(HELLO);
        store(1, new Flag("ours"));
        becomes(":2,a");
        assertThat(DovecotKeywords.read(inbox()).names()).containsExactly("ours");
        Files.writeString(inbox().path().resolve("dovecot-keywords"), "0 ours\n1 theirs\n");
        rename(names().getFirst(), "ab");
        look();
        assertThat(flags()).containsExactly("1 ours theirs");
    }

    @Test
    void aRemovedFileIsAnExpungedMessage() throws Exception {
        world.deliver(HELLO);
        world.deliver(HELLO);
        assertThat(flags()).hasSize(2);
        long before = messages().messages().highestModSeq();
        Files.delete(inbox().path().resolve(names().getFirst()));
        look();
        assertThat(flags()).hasSize(1);
        assertThat(messages().changesSince(before).vanished().size()).isEqualTo(1);
    }

    @Test
    void aFileThatComesBackIsANewMessage() throws Exception {
        world.deliver(HELLO);
        assertThat(flags()).hasSize(1);
        Path file = inbox().path().resolve(names().getFirst());
        Path aside = disk.root().resolve("aside");
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        look();
        assertThat(flags()).isEmpty();
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        look();
        assertThat(flags()).containsExactly("2 ");
    }

    @Test
    void aFolderThatIsAwayLosesNoMessage() throws Exception {
        world.deliver(HELLO);
        assertThat(flags()).hasSize(1);
        Path away = disk.root().resolve("away");
        Files.move(inbox().path(), away, StandardCopyOption.ATOMIC_MOVE);
        look();
        assertThat(flags()).hasSize(1);
        Files.move(away, inbox().path(), StandardCopyOption.ATOMIC_MOVE);
        look();
        assertThat(StoreWorld.text(messages(), 1)).isEqualTo(HELLO);
        assertThat(world.log.events("store.folder-missing")).isNotEmpty();
    }

    @Test
    void aFolderMadeByAnotherProgramIsAMailboxAtTheNextOpen() throws Exception {
        reopen();
        Path folder = inbox().path().resolve(".Entw&APw-rfe.v1\\2e2");
        for (String part : List.of("tmp", "new", "cur")) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.writeString(folder.resolve("cur/1.x:2,S"), HELLO);
        reopen();
        Mailbox mailbox = StoreWorld.mailbox(mail, "Entwürfe/v1.2");
        assertThat(mailbox.messages().size()).isEqualTo(1);
    }

    @Test
    void aDeletedIndexComesBackWithTheSameUidsFlagsAndEmails() throws Exception {
        for (int i = 0; i < 5; i++) {
            world.deliver(HELLO);
        }
        store(2, Flag.SEEN, new Flag("label"));
        store(4, Flag.DELETED);
        messages().expunge(Optional.empty());
        messages().copy(UidSet.of(2), mail.mailboxes().find(SpecialUse.SENT).orElseThrow().id());
        List<String> before = flags();
        EmailId email = messages().messages().emailId(1);
        long modSeq = messages().messages().highestModSeq();
        close();
        withoutIndex();
        assertThat(flags()).isEqualTo(before).hasSize(4);
        assertThat(StoreWorld.mailbox(mail, "Sent").messages().emailId(0)).isEqualTo(email);
        assertThat(messages().messages().highestModSeq()).isGreaterThan(modSeq);
        assertThat(messages().changesSince(modSeq).vanished().contains(4)).isTrue();
        world.deliver(HELLO);
        assertThat(messages().messages().uid(4)).isEqualTo(6);
    }

    @Test
    void keywordsBeyondTheLettersSurviveADeletedIndex() throws Exception {
        world.deliver(HELLO);
        Flag[] many = new Flag[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Flag("k" + i);
        }
        store(1, many);
        List<String> before = flags();
        close();
        withoutIndex();
        assertThat(flags()).isEqualTo(before);
    }

    @Test
    void aMaildirOfDovecotKeepsItsNumbersAndKeywords() throws Exception {
        close();
        Files.writeString(inbox().path().resolve("dovecot-uidlist"), "3 V77 N12 Gx\n3 :1.a,S=4\n7 :2.b\n");
        Files.writeString(inbox().path().resolve("dovecot-keywords"), "0 foo\n");
        drop("cur/1.a,S=4:2,Sa", "x\n\ny");
        drop("cur/2.b:2,", "x\n\ny");
        drop("new/3.c", "x\n\ny");
        world = new StoreWorld(disk.root());
        mail = world.open();
        assertThat(flags()).containsExactly("3 \\Seen foo", "7 ", "12 ");
        assertThat(messages().messages().uidValidity()).isEqualTo(77);
        becomes("cur/1.a,S=4,I=77-3:2,Sa", "cur/2.b,I=77-7:2,", "new/3.c,I=77-12");
        close();
        withoutIndex();
        assertThat(flags()).containsExactly("3 \\Seen foo", "7 ", "12 ");
    }

    @Test
    void aLostAccountDatabaseIsAnAdoption() throws Exception {
        for (int i = 0; i < 3; i++) {
            world.deliver(HELLO);
        }
        store(2, Flag.SEEN, new Flag("label"));
        List<String> before = flags();
        int uidValidity = messages().messages().uidValidity();
        close();
        world = new StoreWorld(disk.root());
        mail = world.open();
        assertThat(flags()).isEqualTo(before);
        assertThat(messages().messages().uidValidity()).isEqualTo(uidValidity);
        world.deliver(HELLO);
        assertThat(messages().messages().uid(3)).isGreaterThan((int) Adoption.UNKNOWN_UIDS);
    }

    private MaildirFolder inbox() {
        return MaildirFolder.inbox(world.folders.maildir(StoreWorld.ALICE.domain(), StoreWorld.ALICE.localPart()));
    }

    private Mailbox messages() throws StoreException {
        return StoreWorld.mailbox(mail, "INBOX");
    }

    private void store(int uid, Flag... flags) throws StoreException {
        messages().store(UidSet.of(uid), new FlagChange(FlagChange.Kind.ADD, Set.of(flags)), OptionalLong.empty());
    }

    /** UIDs and flags of all messages, looked at anew. */
    private List<String> flags() throws StoreException {
        look();
        MessageList list = messages().messages();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            List<String> flags = list.flagsOf(list.flags(i)).stream().map(Flag::name).sorted().toList();
            lines.add(Integer.toUnsignedString(list.uid(i)) + " " + String.join(" ", flags));
        }
        return lines;
    }

    private void look() throws StoreException {
        world.time.advance(Duration.ofSeconds(1));
        messages().messages();
    }

    private void withoutIndex() throws Exception {
        world.databases.delete(StoreWorld.ALICE, Databases.Kind.INDEX);
        world = new StoreWorld(disk.root(), world.databases, world.time, 2, "boot 1");
        mail = world.open();
    }

    /** The files are called so, or will be when time goes on: what the clock begins ends on threads of its own. */
    private void becomes(String... ends) {
        await().untilAsserted(() -> {
            world.time.advance(Duration.ofSeconds(10));
            assertThat(names()).hasSameSizeAs(ends).allMatch(name -> Stream.of(ends).anyMatch(name::endsWith));
        });
    }

    private void becomesWithoutWaiting(String... ends) {
        await().untilAsserted(
                () -> assertThat(names()).hasSameSizeAs(ends).allMatch(name -> Stream.of(ends).anyMatch(name::endsWith)));
    }

    private String number(int uid) throws StoreException {
        return Integer.toUnsignedString(messages().messages().uidValidity()) + "-" + uid;
    }

    private void drop(String name, String text) throws IOException {
        Path tmp = inbox().tmp().resolve("x");
        Files.writeString(tmp, text);
        Files.move(tmp, inbox().path().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void rename(String name, String letters) throws IOException {
        String base = name.substring(4).split(":", -1)[0];
        Files.move(
                inbox().path().resolve(name), inbox().cur().resolve(base + ":2," + letters), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> names() throws IOException {
        TreeMap<String, String> names = new TreeMap<>();
        for (Entry entry : MaildirListing.of(inbox(), world.time.now()).files()) {
            names.put(entry.name().toString(), MaildirBlobs.text(entry));
        }
        return List.copyOf(names.values());
    }

    private void reopen() throws Exception {
        close();
        world = new StoreWorld(disk.root(), world.databases, world.time, 2, "boot 1");
        mail = world.open();
    }
}
