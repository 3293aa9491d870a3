package io.mailserver.spam;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OctetContent;
import io.mailserver.base.PlatformPool;
import io.mailserver.maildir.MaildirStatistics;
import io.mailserver.maildir.UniqueNames;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.simulation.SimulatedDisk;
import io.mailserver.store.AccountFolders;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.AccountStore;
import io.mailserver.store.DatabaseFiles;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.SpecialUse;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves over a real store. */
class JunkTrainingTest {
    private static final AccountKey ALICE = new AccountKey(new Domain("example.com"), "alice");

    @TempDir
    Path data;

    private final ManualTime time = new ManualTime(SimulatedDisk.START);
    private final RecordingLog log = new RecordingLog();
    private final PlatformPool files = new PlatformPool("files", 2, 1_000);
    private final PlatformPool queries = new PlatformPool("queries", 2, 1_000);
    private AccountFolders folders;
    private AccountStore store;
    private Learning learning;
    private JunkTraining training;
    private AccountMail mail;

    @BeforeEach
    void open() throws StoreException {
        folders = new AccountFolders(data, time);
        store = new AccountStore(new AccountStore.Parts(folders, data, new UniqueNames(time, "mx", 1, 0), new MaildirStatistics(),
                new DatabaseFiles(this::folder), files, queries, time, log, "boot"));
        startLearning();
        mail = store.open(ALICE);
    }

    private void startLearning() {
        learning = Learning.open(new Learning.Parts(data, this::folder, files, time, log));
        training = new JunkTraining(learning, store::open, time, log);
        store.watchAll(training::changed);
    }

    @AfterEach
    void close() {
        mail.close();
        training.close();
        learning.close();
        store.close();
        files.close();
        queries.close();
    }

    @Test
    void aMoveIntoJunkTeachesOnceAndTheMoveBackTakesItBack() throws Exception {
        deliver(Optional.empty(), "a");
        assertThat(learned()).isEqualTo("0 0 0 0");
        mailbox(SpecialUse.JUNK, "INBOX", true);
        assertThat(learned()).isEqualTo("1 0 1 0");
        flag(junk());
        assertThat(learned()).as("a flag changes nothing").isEqualTo("1 0 1 0");
        mailbox(null, "Junk", true);
        assertThat(learned()).isEqualTo("0 0 0 0");
        mailbox(SpecialUse.JUNK, "INBOX", true);
        assertThat(learned()).isEqualTo("1 0 1 0");
    }

    @Test
    void aMoveOutOfJunkTeachesThatItIsWanted() throws Exception {
        deliver(Optional.of(SpecialUse.JUNK), "a");
        assertThat(learned()).as("what the server put there teaches nothing").isEqualTo("0 0 0 0");
        mailbox(null, "Junk", true);
        assertThat(learned()).isEqualTo("0 1 0 1");
        mailbox(SpecialUse.JUNK, "INBOX", true);
        assertThat(learned()).isEqualTo("0 0 0 0");
    }

    @Test
    void clientsThatCopyAndExpungeTeachTheSame() throws Exception {
        deliver(Optional.empty(), "a");
        mailbox(SpecialUse.JUNK, "INBOX", false);
        assertThat(learned()).isEqualTo("1 0 1 0");
        expunge(find("INBOX"));
        assertThat(learned()).isEqualTo("1 0 1 0");
        mailbox(null, "Junk", false);
        assertThat(learned()).as("in both still").isEqualTo("1 0 1 0");
        expunge(junk());
        assertThat(learned()).isEqualTo("0 0 0 0");
    }

    @Test
    void aCopyOutOfJunkCountsWhenItHasLeft() throws Exception {
        deliver(Optional.of(SpecialUse.JUNK), "a");
        mailbox(null, "Junk", false);
        assertThat(learned()).isEqualTo("0 0 0 0");
        expunge(junk());
        assertThat(learned()).isEqualTo("0 1 0 1");
    }

    @Test
    void deletingJunkTakesNothingBackAndTeachesNothing() throws Exception {
        deliver(Optional.empty(), "a");
        deliver(Optional.of(SpecialUse.JUNK), "b");
        mailbox(SpecialUse.JUNK, "INBOX", true);
        assertThat(learned()).isEqualTo("1 0 1 0");
        mailbox(SpecialUse.TRASH, "Junk", true);
        assertThat(learned()).isEqualTo("1 0 1 0");
        expunge(find("Trash"));
        assertThat(learned()).isEqualTo("1 0 1 0");
    }

    @Test
    void lessonsSurviveARestartAndAreNotLearnedTwice() throws Exception {
        deliver(Optional.empty(), "a");
        mailbox(SpecialUse.JUNK, "INBOX", true);
        assertThat(learned()).isEqualTo("1 0 1 0");
        training.close();
        learning.close();
        startLearning();
        assertThat(learned()).isEqualTo("1 0 1 0");
        flag(junk());
        assertThat(learned()).isEqualTo("1 0 1 0");
        mailbox(null, "Junk", true);
        assertThat(learned()).isEqualTo("0 0 0 0");
        deliver(Optional.empty(), "b");
        training.close();
        mail.mailbox(find("INBOX").id()).move(UidSet.ALL, junk().id());
        learning.close();
        startLearning();
        flag(junk());
        assertThat(learned()).as("moves that nobody saw are found later").isEqualTo("2 0 2 0");
    }

    @Test
    void oneAccountTeachesTheServerOnlySoMuchADay() throws Exception {
        for (int i = 0; i < Learning.SHARED_PER_DAY + 10; i++) {
            deliver(Optional.empty(), "message " + i);
        }
        mailbox(SpecialUse.JUNK, "INBOX", true);
        assertThat(learned()).isEqualTo("%d 0 %d 0".formatted(Learning.SHARED_PER_DAY + 10, Learning.SHARED_PER_DAY));
        mailbox(null, "Junk", true);
        assertThat(learned()).isEqualTo("0 0 0 0");
    }

    @Test
    void damagedFilesAreBegunAnew() throws Exception {
        deliver(Optional.empty(), "a");
        mailbox(SpecialUse.JUNK, "INBOX", true);
        learned();
        learning.close();
        Files.write(folder(ALICE).resolve("spam-lessons"), new byte[] {1, 2, 3});
        Files.write(folder(ALICE).resolve("spam-learned"), new byte[] {1, 2, 3});
        training.close();
        startLearning();
        flag(junk());
        assertThat(learned()).isEqualTo("1 0 2 0");
        assertThat(log.events("spam.learned-lost")).hasSize(2);
    }

    @Test
    void junkIsEmptiedOfWhatLayThereForLongAndOfNothingElse() throws Exception {
        deliver(Optional.empty(), "old, in the INBOX");
        deliver(Optional.of(SpecialUse.JUNK), "old");
        deliver(Optional.empty(), "old, moved late");
        JunkExpiry expiry = new JunkExpiry(store::open, time, log);
        time.advance(Duration.ofDays(29));
        mail.mailbox(find("INBOX").id()).move(UidSet.range(2, 2), junk().id());
        deliver(Optional.of(SpecialUse.JUNK), "young");
        assertThat(expiry.empty(ALICE, Duration.ofDays(30))).isZero();
        time.advance(Duration.ofDays(2));
        assertThat(expiry.empty(ALICE, Duration.ZERO)).isZero();
        assertThat(expiry.empty(ALICE, Duration.ofDays(30))).isOne();
        assertThat(mail.mailbox(junk().id()).messages().size()).isEqualTo(2);
        assertThat(mail.mailbox(find("INBOX").id()).messages().size()).isOne();
        time.advance(Duration.ofDays(30));
        assertThat(expiry.empty(ALICE, Duration.ofDays(30))).isEqualTo(2);
        assertThat(mail.mailbox(find("INBOX").id()).messages().size()).isOne();
        assertThat(expiry.empty(ALICE, Duration.ofDays(30))).isZero();
    }

    /** Junk and wanted mail as the account knows it, and as the server does. */
    private String learned() throws IOException {
        for (int i = 0; i < 3; i++) {
            time.advance(JunkTraining.GATHER.plus(Duration.ofMillis(1)));
        }
        BayesClassifier.Statistics own = learning.of(ALICE).map(BayesClassifier::statistics)
                .orElse(new BayesClassifier.Statistics(0, 0, 0));
        BayesClassifier.Statistics server = learning.server().statistics();
        return own.spamMessages() + " " + own.hamMessages() + " " + server.spamMessages() + " " + server.hamMessages();
    }

    private MailboxInfo find(String name) throws StoreException {
        return mail.mailboxes().all().stream().filter(info -> info.name().toString().equals(name)).findFirst().orElseThrow();
    }

    private MailboxInfo junk() throws StoreException {
        return mail.mailboxes().find(SpecialUse.JUNK).orElseThrow();
    }

    private void mailbox(@Nullable SpecialUse to, String from, boolean move) throws StoreException {
        Mailbox source = mail.mailbox(find(from).id());
        MailboxInfo target = to == null ? find("INBOX") : mail.mailboxes().find(to).orElseThrow();
        if (move) {
            source.move(UidSet.ALL, target.id());
        } else {
            source.copy(UidSet.ALL, target.id());
        }
    }

    private void flag(MailboxInfo info) throws StoreException {
        mail.mailbox(info.id()).store(UidSet.ALL, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.FLAGGED)), OptionalLong.empty());
    }

    private void expunge(MailboxInfo info) throws StoreException {
        mail.mailbox(info.id()).store(UidSet.ALL, new FlagChange(FlagChange.Kind.ADD, Set.of(Flag.DELETED)), OptionalLong.empty());
        mail.mailbox(info.id()).expunge(Optional.empty());
    }

    private Path folder(AccountKey account) {
        return folders.folder(account.domain(), account.localPart());
    }

    private void deliver(Optional<SpecialUse> folder, String text) throws IOException {
        byte[] octets = ("From: a@example.net\r\nSubject: " + text + "\r\n\r\nSome words about " + text + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
        try (Content content = new OctetContent(octets)) {
            store.deliver(List.of(new AccountStore.Target(ALICE, folder, "")), content, time.now(), () -> true);
        }
    }
}
