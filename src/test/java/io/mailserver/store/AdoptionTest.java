package io.mailserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.maildir.DovecotUidlist;
import io.mailserver.maildir.FolderName;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.MaildirTree;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.Adoption.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdoptionTest {
    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final Path root = new SimulatedDisk(1).root();
    private final Path maildir = root.resolve("Maildir");
    private final MaildirTree tree = new MaildirTree(root, time, new MaildirStatistics());

    @Test
    void anEmptyMaildirTellsNothing() throws IOException {
        assertThat(adopt()).isEqualTo(new Adoption(List.of(), Set.of(), List.of()));
    }

    @Test
    void numbersOfDovecotAreKept() throws Exception {
        MaildirFolder inbox = make("INBOX");
        write(inbox, "dovecot-uidlist", "3 V1795335716 N9 Gx\n1 :1.a,S=2\n4 :2.b\n");
        write(inbox, "cur/1.a,S=2:2,S", "xx");
        write(inbox, "cur/2.b:2,Fa", "yy");
        write(inbox, "subscriptions", "V\t2\n\nx\ty\nGone\n");
        make("x", "y");
        Adoption adoption = adopt();
        assertThat(adoption.mailboxes()).containsExactly(
                new Found(MailboxName.INBOX, 1_795_335_716, 8),
                new Found(MailboxName.of("x/y"), 0, 0));
        assertThat(adoption.subscriptions()).containsExactly(MailboxName.of("Gone"), MailboxName.of("x/y"));
        assertThat(adoption.passedOver()).isEmpty();
        assertThat(DovecotUidlist.readAdopted(inbox).orElseThrow().uids()).hasSize(2);
    }

    @Test
    void numbersKeywordsAndSubscriptionsOfCourierAreKept() throws Exception {
        MaildirFolder inbox = make("INBOX");
        make("Sent");
        write(inbox, "courierimapuiddb", "1 1058127654 12\n3 1.M1.host,S=2\n7 2.M2.host\n");
        write(inbox, "cur/1.M1.host,S=2:2,S", "xx");
        write(inbox, "cur/2.M2.host:2,", "yy");
        write(inbox, "new/3.M3.host", "zz");
        Files.createDirectory(inbox.path().resolve("courierimapkeywords"));
        write(inbox, "courierimapkeywords/:list",
                "$Label1\nNonJunk\nno{atom\n\n1.M1.host,S=2:1\n2.M2.host:0 1 2 9\n3.M3.host:0\ngone:1\nbroken\n4.x:x\n");
        write(inbox, "courierimapsubscribed", "INBOX\nINBOX.Sent\nINBOX.Entw&APw-rfe\n");
        Adoption adoption = adopt();
        assertThat(adoption.mailboxes())
                .containsExactly(new Found(MailboxName.INBOX, 1_058_127_654, 11), new Found(MailboxName.of("Sent"), 0, 0));
        assertThat(adoption.subscriptions())
                .containsExactlyInAnyOrder(MailboxName.INBOX, MailboxName.of("Sent"), MailboxName.of("Entwürfe"));
        DovecotUidlist adopted = DovecotUidlist.readAdopted(inbox).orElseThrow();
        assertThat(adopted.uids()).containsOnly(Map.entry("1.M1.host", 3L), Map.entry("2.M2.host", 7L));
        assertThat(Files.readString(inbox.path().resolve("dovecot-keywords"))).isEqualTo("0 $Label1\n1 NonJunk\n");
        assertThat(names(inbox.cur())).containsExactlyInAnyOrder("1.M1.host,S=2:2,Sb", "2.M2.host:2,ab", "3.M3.host:2,a");
        assertThat(names(inbox.fresh())).isEmpty();
        assertThat(adopt()).isEqualTo(adoption); // As after a crash before any of it was known.
        assertThat(names(inbox.cur())).hasSize(3);
    }

    @Test
    void aKeywordOfCourierOverwritesNoFile() throws Exception {
        MaildirFolder inbox = make("INBOX");
        write(inbox, "courierimapuiddb", "1 10 12\n3 1.a\n");
        write(inbox, "cur/1.a:2,a", "one");
        write(inbox, "new/1.a", "other");
        Files.createDirectory(inbox.path().resolve("courierimapkeywords"));
        write(inbox, "courierimapkeywords/:list", "$Label1\n\n1.a:0\n");
        adopt();
        assertThat(Files.readString(inbox.cur().resolve("1.a:2,a"))).isEqualTo("one");
        assertThat(Files.readString(inbox.fresh().resolve("1.a"))).isEqualTo("other");
    }

    @Test
    void dovecotsNumbersAreNewerThanCouriers() throws Exception {
        MaildirFolder inbox = make("INBOX");
        write(inbox, "courierimapuiddb", "1 10 12\n3 1.a\n");
        write(inbox, "dovecot-uidlist", "3 V20 N5\n4 :1.a\n");
        write(inbox, "cur/1.a:2,S", "xx");
        assertThat(adopt().mailboxes()).containsExactly(new Found(MailboxName.INBOX, 20, 4));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void numbersInNamesOutdoThoseOfDovecotAndSkipWhatMayHaveBeenGiven() throws Exception {
        MaildirFolder inbox = make("INBOX");
        write(inbox, "dovecot-uidlist", "3 V5 N9\n1 :1.a\n");
        write(inbox, "cur/1.a,I=77-10:2,S", "x");
        write(inbox, "new/2.a,I=77-12", "x");
        write(inbox, "cur/3.a:2,S", "x");
        assertThat(adopt().mailboxes()).containsExactly(new Found(MailboxName.INBOX, 77, 1_000_012));
    }

    @Test
    void aFewNumbersAmongManyFilesAreNotBelieved() throws Exception {
        MaildirFolder inbox = make("INBOX");
        write(inbox, "cur/1.a,I=77-10:2,S", "x");
        write(inbox, "cur/2.a:2,S", "x");
        assertThat(adopt().mailboxes()).containsExactly(new Found(MailboxName.INBOX, 0, 0));
    }

    @Test
    void twoMailboxesNeverHaveTheSameUidValidity() throws Exception {
        write(make("INBOX"), "dovecot-uidlist", "3 V5 N9\n");
        write(make("a"), "dovecot-uidlist", "3 V5 N9\n");
        write(make("b"), "dovecot-uidlist", "3 V6 N9\n");
        Adoption adoption = Adoption.of(maildir, Set.of(), Set.of(6), time.now());
        assertThat(adoption.mailboxes()).extracting(Found::uidValidity).containsExactly(5, 0, 0);
    }

    @Test
    void knownMailboxesAreLeftAloneAndOddFoldersNamed() throws Exception {
        make("INBOX");
        make("a");
        make("inbox", "b");
        make("c/d");
        make("Entwu\u0308rfe");
        Files.createDirectories(maildir.resolve(".x&y/cur"));
        Adoption adoption = Adoption.of(maildir, Set.of(MailboxName.INBOX, MailboxName.of("a")), Set.of(), time.now());
        assertThat(adoption.mailboxes()).isEmpty();
        assertThat(adoption.passedOver()).hasSize(4).allMatch(line -> line.contains("is no mailbox"));
    }

    @Test
    void foldersAreCalledAsConfigured() throws Exception {
        Map<SpecialUse, String> german = Map.of(
                SpecialUse.SENT, "Gesendet", SpecialUse.DRAFTS, "Entwürfe", SpecialUse.JUNK, "Spam", SpecialUse.TRASH, "Papierkorb",
                SpecialUse.ARCHIVE, "Archiv");
        assertThat(uses(german)).containsExactlyInAnyOrderEntriesOf(inverse(german));
        // Those that are there serve: the configured name before the usual ones, and each for one use.
        make("Junk");
        make("Spam");
        make("Sent");
        assertThat(uses(german)).containsEntry("Spam", SpecialUse.JUNK).containsEntry("Sent", SpecialUse.SENT)
                .containsEntry("Papierkorb", SpecialUse.TRASH).hasSize(5);
        Map<SpecialUse, String> crossed = new EnumMap<>(german);
        crossed.put(SpecialUse.JUNK, "Sent");
        assertThat(uses(crossed)).containsEntry("Sent", SpecialUse.JUNK).containsEntry("Gesendet", SpecialUse.SENT).hasSize(5);
    }

    private Map<String, SpecialUse> uses(Map<SpecialUse, String> names) throws IOException {
        Map<String, SpecialUse> uses = new TreeMap<>();
        NewAccount.of(adopt(), use -> names.getOrDefault(use, "none"), 1, 1).mailboxes()
                .forEach(entry -> entry.use().ifPresent(use -> uses.put(entry.name(), use)));
        return uses;
    }

    private static Map<String, SpecialUse> inverse(Map<SpecialUse, String> names) {
        Map<String, SpecialUse> inverse = new TreeMap<>();
        names.forEach((use, name) -> inverse.put(name, use));
        return inverse;
    }

    private Adoption adopt() throws IOException {
        return Adoption.of(maildir, Set.of(), Set.of(), time.now());
    }

    private MaildirFolder make(String... levels) throws IOException {
        FolderName name = new FolderName(List.of(levels));
        tree.create(maildir, name);
        return MaildirFolder.of(maildir, name);
    }

    private static void write(MaildirFolder folder, String name, String text) throws IOException {
        Files.writeString(folder.path().resolve(name), text);
    }
}
