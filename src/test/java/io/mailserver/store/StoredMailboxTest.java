package io.mailserver.store;

import static io.mailserver.store.StoreWorld.mailbox;
import static io.mailserver.store.StoreWorld.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.account.Quota;
import io.mailserver.mime.MimeStructure;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredMailboxTest {
    private static final String HELLO = "Subject: hello\r\nMessage-ID: <1@x>\r\n\r\nhello\r\n";
    private static final String REPLY = "Subject: Re: hello\r\nMessage-ID: <2@x>\r\nReferences: <1@x>\r\n\r\nyes\r\n";

    private SimulatedDisk disk = new SimulatedDisk(1);
    private StoreWorld world;
    private AccountMail mail;
    private Mailbox inbox;

    @BeforeEach
    void open() throws Exception {
        world = new StoreWorld(disk.root());
        look();
    }

    private void look() throws StoreException {
        mail = world.open();
        inbox = mailbox(mail, "INBOX");
    }

    @AfterEach
    void close() throws Exception {
        assertThat(world.store.check(StoreWorld.ALICE)).isEmpty();
        mail.close();
        world.close();
    }

    /** Another process takes over after a clean stop. */
    private void restart() throws Exception {
        mail.close();
        world.close();
        world = new StoreWorld(disk.root(), world.databases, world.time, 2, "boot 1");
        look();
    }

    @Test
    void aNewAccountHasTheUsualMailboxesSubscribed() throws Exception {
        List<MailboxInfo> all = mail.mailboxes().all();
        assertThat(all).extracting(info -> info.name().text())
                .containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
        assertThat(all).allMatch(MailboxInfo::subscribed);
        assertThat(all).extracting(MailboxInfo::uidValidity).doesNotHaveDuplicates();
        assertThat(mail.mailboxes().find(SpecialUse.JUNK).orElseThrow().name()).isEqualTo(MailboxName.of("Junk"));
    }

    @Test
    void aDeliveredMessageIsThereAtOnce() throws Exception {
        world.deliver(HELLO);
        MessageList list = inbox.messages();
        assertThat(list.size()).isEqualTo(1);
        assertThat(list.uid(0)).isEqualTo(1);
        assertThat(list.uidNext()).isEqualTo(2);
        assertThat(list.size(0)).isEqualTo(HELLO.length());
        assertThat(list.internalDate(0)).isEqualTo(world.time.now());
        assertThat(list.unseen()).isEqualTo(1);
        assertThat(text(inbox, 1)).isEqualTo(HELLO);
    }

    @Test
    void junkGoesToJunk() throws Exception {
        world.deliver(HELLO, Optional.of(SpecialUse.JUNK));
        assertThat(inbox.messages().size()).isZero();
        assertThat(mailbox(mail, "Junk").messages().size()).isEqualTo(1);
    }

    @Test
    void aListKeepsItsStateWhileTheMailboxChanges() throws Exception {
        world.deliver(HELLO);
        MessageList before = inbox.messages();
        world.deliver(REPLY);
        inbox.store(UidSet.ALL, add(Flag.SEEN), OptionalLong.empty());
        assertThat(before.size()).isEqualTo(1);
        assertThat(before.flags(0)).isZero();
        assertThat(inbox.messages().size()).isEqualTo(2);
        assertThat(inbox.messages().modSeq(1)).isGreaterThan(before.modSeq(0));
    }

    @Test
    void flagsAndUidsSurviveARestart() throws Exception {
        world.deliver(HELLO);
        world.append(inbox, REPLY, Flag.SEEN, new Flag("$Work"));
        inbox.store(UidSet.of(1), add(Flag.FLAGGED, new Flag("later")), OptionalLong.empty());
        MessageList before = inbox.messages();
        restart();
        MessageList after = inbox.messages();
        assertThat(after.uids()).isEqualTo(before.uids());
        assertThat(after.flagsOf(after.flags(0))).containsExactlyInAnyOrder(Flag.FLAGGED, new Flag("LATER"));
        assertThat(after.flagsOf(after.flags(1))).containsExactlyInAnyOrder(Flag.SEEN, new Flag("$Work"));
        assertThat(after.modSeq(0)).isEqualTo(before.modSeq(0));
        assertThat(after.uidValidity()).isEqualTo(before.uidValidity());
        assertThat(world.append(inbox, HELLO).uids()).isEqualTo(UidSet.of(3));
    }

    @Test
    void unchangedSinceLeavesNewerMessagesAlone() throws Exception {
        world.deliver(HELLO);
        world.deliver(REPLY);
        long modSeq = inbox.messages().highestModSeq();
        inbox.store(UidSet.of(1), add(Flag.SEEN), OptionalLong.empty());
        StoreOutcome outcome = inbox.store(UidSet.ALL, add(Flag.FLAGGED), OptionalLong.of(modSeq));
        assertThat(outcome.changed()).isEqualTo(UidSet.of(2));
        assertThat(outcome.modified()).isEqualTo(UidSet.of(1));
    }

    @Test
    void aStoreThatChangesNothingHasNoModSeq() throws Exception {
        world.deliver(HELLO);
        inbox.store(UidSet.ALL, add(Flag.SEEN), OptionalLong.empty());
        long modSeq = inbox.messages().highestModSeq();
        assertThat(inbox.store(UidSet.ALL, add(Flag.SEEN), OptionalLong.empty())).isEqualTo(
                new StoreOutcome(UidSet.EMPTY, UidSet.EMPTY, modSeq));
    }

    @Test
    void tooManyKeywordsAreRefused() throws Exception {
        world.deliver(HELLO);
        Set<Flag> many = new HashSet<>();
        for (int i = 0; i <= Flag.MAX_KEYWORDS; i++) {
            many.add(new Flag("k" + i));
        }
        assertThatThrownBy(() -> inbox.store(UidSet.ALL, new FlagChange(FlagChange.Kind.ADD, many), OptionalLong.empty()))
                .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Cause.LIMIT));
    }

    @Test
    void expungeRemovesMarkedMessagesAndTellsLater() throws Exception {
        for (int i = 0; i < 5; i++) {
            world.deliver(HELLO);
        }
        long modSeq = inbox.messages().highestModSeq();
        inbox.store(UidSet.range(2, 4), add(Flag.DELETED), OptionalLong.empty());
        assertThat(inbox.expunge(Optional.of(UidSet.range(3, 9)))).isEqualTo(UidSet.range(3, 4));
        assertThat(inbox.messages().uids().toString()).isEqualTo("1:2,5");
        Changes changes = inbox.changesSince(modSeq);
        assertThat(changes.vanished()).isEqualTo(UidSet.range(3, 4));
        assertThat(changes.changed()).isEqualTo(UidSet.of(2));
        restart();
        assertThat(inbox.messages().uids().toString()).isEqualTo("1:2,5");
        assertThat(inbox.changesSince(modSeq).vanished()).isEqualTo(UidSet.range(3, 4));
        assertThatThrownBy(() -> inbox.content(3)).isInstanceOf(StoreException.class);
    }

    @Test
    void copiesAreTheSameEmail() throws Exception {
        world.append(inbox, HELLO, Flag.SEEN, new Flag("$Work"));
        CopyOutcome outcome = inbox.copy(UidSet.ALL, mailbox(mail, "Archive").id());
        assertThat(outcome.source()).isEqualTo(UidSet.of(1));
        assertThat(outcome.target()).isEqualTo(UidSet.of(1));
        Mailbox archive = mailbox(mail, "Archive");
        MessageList list = archive.messages();
        assertThat(list.emailId(0)).isEqualTo(inbox.messages().emailId(0));
        assertThat(list.flagsOf(list.flags(0))).containsExactlyInAnyOrder(Flag.SEEN, new Flag("$Work"));
        assertThat(list.internalDate(0)).isEqualTo(Instant.ofEpochSecond(1_000_000));
        assertThat(text(archive, 1)).isEqualTo(HELLO);
        inbox.store(UidSet.ALL, add(Flag.DELETED), OptionalLong.empty());
        inbox.expunge(Optional.empty());
        assertThat(text(archive, 1)).isEqualTo(HELLO);
    }

    @Test
    void movedMessagesLeaveTheirMailbox() throws Exception {
        world.deliver(HELLO);
        world.deliver(REPLY);
        EmailId email = inbox.messages().emailId(1);
        Mailbox trash = mailbox(mail, "Trash");
        CopyOutcome outcome = inbox.move(UidSet.of(2), trash.id());
        assertThat(outcome.expunged()).isEqualTo(UidSet.of(2));
        assertThat(inbox.messages().uids()).isEqualTo(UidSet.of(1));
        assertThat(trash.messages().emailId(0)).isEqualTo(email);
        assertThat(text(trash, 1)).isEqualTo(REPLY);
    }

    @Test
    void renamedTreesKeepTheirMessages() throws Exception {
        mail.mailboxes().create(MailboxName.of("a/b/c"), Set.of());
        world.append(mailbox(mail, "a/b/c"), HELLO);
        mail.mailboxes().rename(MailboxName.of("a"), MailboxName.of("x/y"));
        assertThat(text(mailbox(mail, "x/y/b/c"), 1)).isEqualTo(HELLO);
        assertThat(mail.mailboxes().find(MailboxName.of("a/b"))).isEmpty();
        restart();
        assertThat(text(mailbox(mail, "x/y/b/c"), 1)).isEqualTo(HELLO);
    }

    @Test
    void renamingTheInboxMovesItsMessages() throws Exception {
        world.deliver(HELLO);
        mail.mailboxes().rename(MailboxName.INBOX, MailboxName.of("old"));
        assertThat(inbox.messages().size()).isZero();
        assertThat(mailbox(mail, "old").messages().size()).isEqualTo(1);
    }

    @Test
    void aDeletedMailboxIsGoneAndItsNumbersAreNotGivenAgain() throws Exception {
        MailboxInfo first = mail.mailboxes().create(MailboxName.of("x"), Set.of());
        Mailbox mailbox = mail.mailbox(first.id());
        world.append(mailbox, HELLO);
        mail.mailboxes().delete(MailboxName.of("x"));
        assertThatThrownBy(mailbox::messages).isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Cause.NO_SUCH_MAILBOX));
        MailboxInfo second = mail.mailboxes().create(MailboxName.of("x"), Set.of());
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.uidValidity()).isGreaterThan(first.uidValidity());
        assertThat(mail.mailbox(second.id()).messages().size()).isZero();
    }

    @Test
    void watchersAreToldOfDeliveries() throws Exception {
        BlockingQueue<Change> told = new LinkedBlockingQueue<>();
        AccountMail.Watch watch = mail.watch(told::add);
        world.append(inbox, HELLO);
        // Told by the thread that shows it, right after the append.
        assertThat(told.poll(30, TimeUnit.SECONDS)).isInstanceOfSatisfying(
                Change.Messages.class, change -> assertThat(change.mailbox()).isEqualTo(inbox.id()));
        watch.close();
        world.append(inbox, HELLO);
        assertThat(inbox.messages().size()).isEqualTo(2);
        assertThat(told).isEmpty();
    }

    @Test
    void recentMessagesAreClaimedOnce() throws Exception {
        world.deliver(HELLO);
        assertThat(inbox.claimRecent(true)).isEqualTo(1);
        assertThat(mail.mailboxes().status(inbox.id()).recent()).isEqualTo(1);
        assertThat(inbox.claimRecent(false)).isEqualTo(1);
        assertThat(inbox.claimRecent(false)).isEqualTo(2);
        assertThat(mail.mailboxes().status(inbox.id()).recent()).isZero();
    }

    @Test
    void repliesAreInTheThreadOfWhatTheyAnswer() throws Exception {
        world.deliver(HELLO);
        world.deliver(REPLY);
        world.deliver("Subject: other\r\nMessage-ID: <3@x>\r\n\r\nx\r\n");
        List<ThreadId> threads = new ArrayList<>();
        inbox.read(inbox.messages(), UidSet.ALL, Set.of(MessageField.THREAD_ID, MessageField.SAVE_DATE), row -> {
            threads.add(row.threadId());
            assertThat(row.saveDate()).isEqualTo(world.time.now());
        });
        assertThat(threads.get(1)).isEqualTo(threads.get(0));
        assertThat(threads.get(2)).isNotEqualTo(threads.get(0));
    }

    @Test
    void flagsThatWereToldButNotSyncedGetNewModSeqsAfterAPowerCut() throws Exception {
        world.deliver(HELLO);
        world.deliver(REPLY);
        inbox.store(UidSet.of(1), add(Flag.SEEN), OptionalLong.empty());
        inbox.store(UidSet.of(2), add(Flag.SEEN), OptionalLong.empty());
        long told = inbox.messages().highestModSeq();
        disk = disk.restart();
        world = new StoreWorld(
                disk.root(), world.databases.afterKill(), new ManualTime(world.time.now()), 2, "boot 2");
        look();
        assertThat(inbox.messages().changedSince(told)).isEqualTo(UidSet.range(1, 2));
        world.time.advance(Duration.ofSeconds(3));
        restart();
        assertThat(world.log.events("store.flags-unsure")).isEmpty();
    }

    @Test
    void aFullAccountTakesNoCopiesAndNoAppends() throws Exception {
        world.quota = new Quota(2, 0);
        world.append(inbox, HELLO);
        MailboxId archive = mailbox(mail, "Archive").id();
        inbox.copy(UidSet.ALL, archive);
        assertThatThrownBy(() -> inbox.copy(UidSet.ALL, archive)).isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Cause.OVER_QUOTA));
        assertThatThrownBy(() -> world.append(inbox, HELLO)).isInstanceOf(StoreException.class);
        assertThat(inbox.move(UidSet.ALL, archive).expunged()).isEqualTo(UidSet.of(1));
        assertThat(mail.usage()).isEqualTo(new Usage(2, 2L * HELLO.length()));
    }

    @Test
    void contentsThatAreReadAheadAreThoseOfTheirMessages() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            texts.add(HELLO + "x".repeat(i == 50 ? 100_000 : i * 97) + "\r\n");
            world.append(inbox, texts.getLast());
        }
        MessageList list = inbox.messages();
        UidSet.Builder wanted = new UidSet.Builder();
        list.uids().minus(UidSet.of(3)).minus(UidSet.range(60, 64)).forEach(wanted::add);
        inbox.store(UidSet.of(20), add(Flag.DELETED), OptionalLong.empty());
        inbox.expunge(Optional.empty());
        try (MessageContents contents = inbox.contents(list, wanted.build())) {
            for (int uid : new int[] {1, 2, 4, 5, 40, 6, 3, 49, 50, 51, 52, 70, 65, 99, 100, 1}) {
                try (MessageContent content = contents.of(uid)) {
                    String read = new String(content.open(0, content.size()).readAllBytes(), StandardCharsets.US_ASCII);
                    assertThat(read).as("message %s", uid).isEqualTo(texts.get(uid - 1));
                }
            }
            assertThatThrownBy(() -> contents.of(20)).isInstanceOfSatisfying(
                    StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Cause.EXPUNGED));
        }
    }

    @Test
    void whoMissedMoreExpungesThanAreRememberedHearsOfAllUidsThatAreNotThere() throws Exception {
        for (int i = 0; i < 4; i++) {
            world.append(inbox, HELLO);
        }
        long before = inbox.messages().highestModSeq();
        inbox.store(UidSet.of(2), add(Flag.DELETED), OptionalLong.empty());
        inbox.expunge(Optional.empty());
        long after = inbox.messages().highestModSeq();
        try (OpenAccounts.Lease lease = world.store.lease(StoreWorld.ALICE)) {
            List<Index.Write> writes = new ArrayList<>();
            for (int i = 1; i <= OpenMailbox.MAX_GONE; i++) {
                writes.add(new Index.Write.Gone(inbox.id().number(), after - OpenMailbox.MAX_GONE - i, UidSet.of(3)));
            }
            lease.account().index().commit(writes, false);
        }
        restart();
        // Of message 3, of which somebody says that it has vanished, the floor is above; RFC 7162 §3.2.5.2 allows to tell too much.
        assertThat(inbox.changesSince(before).vanished()).isEqualTo(UidSet.of(2));
        assertThat(inbox.changesSince(after - 2 * OpenMailbox.MAX_GONE).vanished()).isEqualTo(UidSet.of(2));
        assertThat(inbox.changesSince(after).vanished()).isEqualTo(UidSet.EMPTY);
    }

    @Test
    void partsAreRenderedWhenAMessageIsStored() throws Exception {
        world.deliver("From: Ann <ann@example.net>\r\nX-Other: no\r\n" + HELLO);
        List<MessageRow> rows = new ArrayList<>();
        inbox.read(inbox.messages(), UidSet.ALL, Set.of(MessageField.PARTS), rows::add);
        EmailParts parts = rows.getFirst().cached();
        assertThat(new String(parts.envelope(), StandardCharsets.US_ASCII)).startsWith("(NIL \"hello\" ((\"Ann\" NIL");
        assertThat(new String(parts.headers(), StandardCharsets.US_ASCII))
                .isEqualTo("From: Ann <ann@example.net>\r\nSubject: hello\r\nMessage-ID: <1@x>\r\n");
        assertThat(new String(parts.preview(), StandardCharsets.UTF_8)).isEqualTo("hello");
        assertThat(MimeStructure.decode(parts.structure())).isPresent();
        assertThat(parts.bodyStructure()).isNotEmpty();
    }

    private static FlagChange add(Flag... flags) {
        return new FlagChange(FlagChange.Kind.ADD, Set.of(flags));
    }

    @Test
    void manyMessagesAreOneList() throws IOException, StoreException {
        for (int i = 0; i < 600; i++) {
            world.deliver(HELLO);
        }
        inbox.store(UidSet.range(100, 400), add(Flag.DELETED), OptionalLong.empty());
        inbox.expunge(Optional.of(UidSet.range(101, 399)));
        MessageList list = inbox.messages();
        assertThat(list.size()).isEqualTo(301);
        assertThat(list.uids().toString()).isEqualTo("1:100,400:600");
        assertThat(list.deleted()).isEqualTo(2);
    }
}
