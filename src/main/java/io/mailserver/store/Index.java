package io.mailserver.store;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The index of one account: what clients ask for, ready to be served. All of it can be made again from the Maildir and
 * {@code account.db}. {@link JdbcIndex} over SQLite today; over PostgreSQL with the same SQL later (DESIGN §6, §7). Emails stand apart
 * from the messages in mailboxes that show them; flags and MODSEQs are kept packed, {@link MessageChunk} by chunk
 * (docs/decisions/0207-packed-chunks.md).
 *
 * <p>A change is one transaction that speaks in {@link Write}s. The owner of the account in memory makes all changes, one after the
 * other; reading goes beside it. Calls block.
 */
interface Index extends AutoCloseable {
    /**
     * The figures of a mailbox.
     *
     * @param uidValidity of the mailbox when this was written; rows of another UIDVALIDITY say nothing
     * @param uidNext above all UIDs in it and all that were told
     * @param recentFrom UIDs from here on are \Recent for the next session
     * @param dirty whether flags may have been told since the last synced commit
     * @param stamp of the folder when its files were last compared with this index
     * @param goneFloor expunges up to this MODSEQ are not remembered one by one
     */
    record Figures(
            int mailbox,
            int uidValidity,
            int messages,
            int unseen,
            int deleted,
            long octets,
            int uidNext,
            long highestModSeq,
            int recentFrom,
            boolean dirty,
            FolderMark stamp,
            long goneFloor) {}

    /** Times of modification of {@code new} and {@code cur}; negative: unknown. */
    record FolderMark(long freshNanos, long curNanos) {
        static final FolderMark UNKNOWN = new FolderMark(-1, -1);
    }

    /**
     * An email.
     *
     * @param parts encoded {@link EmailParts}; empty: not rendered yet
     */
    // Octets that nobody compares and nobody changes.
    @SuppressWarnings("ArrayRecordComponent")
    record EmailRow(long email, long thread, byte[] parts) {}

    /** Where a message's file was last seen: {@code new/NAME} or {@code cur/NAME}. */
    record FileRow(int uid, long email, String file) {}

    /** Emails from {@code first} to {@code last}, both included. */
    record EmailRange(long first, long last) {}

    /** What the account's log tells of, because no list of messages says it afterwards. */
    enum Event {
        /** Emails that no message showed before, or only messages with \\Deleted: their numbers. */
        SHOWN(1),
        /** Emails that one message less shows: number and thread of each. */
        HIDDEN(2),
        /** Mailboxes that were made: their numbers. */
        MAILBOX_MADE(3),
        /** Mailboxes that were renamed, deleted or changed otherwise: their numbers. */
        MAILBOX_CHANGED(4);

        private final int code;

        Event(int code) {
            this.code = code;
        }

        /** As stored. */
        int code() {
            return code;
        }

        static Event of(int code) {
            return Arrays.stream(values()).filter(event -> event.code == code).findFirst().orElseThrow();
        }
    }

    /** An entry of the account's log. */
    // Numbers that nobody changes.
    @SuppressWarnings("ArrayRecordComponent")
    record LogRow(long modSeq, Event event, long[] numbers) {}

    /** Something to change. A commit with emails shown or hidden and with figures logs the former under the MODSEQ of the latter. */
    sealed interface Write {
        record PutFigures(Figures figures) implements Write {}

        /** Adds or replaces the chunk that begins with the same UID. */
        record PutChunk(int mailbox, int uidValidity, MessageChunk chunk) implements Write {}

        record RemoveChunk(int mailbox, int firstUid) implements Write {}

        /** One more message shows this email; what is known of it stays if there is a message that shows it already. */
        record ShowEmail(EmailRow email) implements Write {}

        /** One more message shows each of these emails, of which nothing new is known. */
        record ShowAgain(List<EmailRange> emails) implements Write {}

        /** Replaces what is known of an email. */
        record PutEmail(EmailRow email) implements Write {}

        record PutFile(int mailbox, FileRow file) implements Write {}

        record RemoveFiles(int mailbox, UidSet uids) implements Write {}

        /** One message less shows each of these emails; those that none shows are removed. */
        record HideEmails(List<EmailRange> emails) implements Write {}

        record Gone(int mailbox, long modSeq, UidSet uids) implements Write {}

        /** Forgets expunges up to a MODSEQ. */
        record ForgetGone(int mailbox, long modSeq) implements Write {}

        /** Removes all that is known of a mailbox but its emails. */
        record DropMailbox(int mailbox) implements Write {}

        /** The threads of Message-IDs, by their hashes; those that are known already stay. */
        record PutMessageIds(Map<Long, Long> threads) implements Write {}

        /** Adds to the account's log what no other write tells of by itself. */
        // Numbers that nobody changes.
        @SuppressWarnings("ArrayRecordComponent")
        record Log(long modSeq, Event event, long[] numbers) implements Write {}

        /** What happened up to that MODSEQ is not in the log. */
        record PutLogFloor(long modSeq) implements Write {}

        /** The boot of the machine under which the next commits happen. */
        record PutBoot(String boot) implements Write {}
    }

    /** What is known of expunges. */
    record GoneRow(long modSeq, UidSet uids) {}

    /** The boot under which the last commits happened; empty for a new index. */
    Optional<String> boot() throws StoreException;

    /** All mailboxes. */
    List<Figures> mailboxes() throws StoreException;

    /** All messages of a mailbox. */
    List<MessageChunk> chunks(int mailbox, int uidValidity) throws StoreException;

    /** The messages with the highest UIDs; empty for an empty mailbox. */
    Optional<MessageChunk> lastChunk(int mailbox, int uidValidity) throws StoreException;

    /** Takes emails. */
    @FunctionalInterface
    interface EmailSink {
        void accept(int place, EmailRow email);
    }

    /**
     * Reads emails; {@code sink} is called on a thread of the pool with the place in {@code emails}; unknown ones are left out. For
     * hundreds at a time: nothing else is done meanwhile.
     */
    void emails(long[] emails, boolean withParts, EmailSink sink) throws StoreException;

    /** Where a message is. */
    Optional<FileRow> file(int mailbox, int uid) throws StoreException;

    /** Where messages are, in ascending order of UIDs. */
    List<FileRow> files(int mailbox, UidSet uids) throws StoreException;

    /** Expunges after {@code modSeq}. */
    List<GoneRow> gone(int mailbox, long modSeq) throws StoreException;

    /**
     * Mailboxes of which more expunges than {@code most} are remembered, each with the MODSEQ of the latest that may be forgotten so that
     * {@code kept} are left.
     */
    Map<Integer, Long> surplusGone(int most, int kept) throws StoreException;

    /** What the account's log says of changes after {@code modSeq}, in their order; the last {@link #MIN_LOG_ROWS} are kept, or more. */
    List<LogRow> log(long modSeq) throws StoreException;

    /** The log is complete from here on; empty until a {@link Write.PutLogFloor}. */
    OptionalLong logFloor() throws StoreException;

    /** The highest MODSEQ in the log of {@code first} or an event after it in their order; 0 if there is none. */
    long lastLogged(Event first) throws StoreException;

    /** How much of the log is kept. */
    int MIN_LOG_ROWS = 20_000;

    /** The threads of those of these hashes of Message-IDs that are known. */
    Map<Long, Long> threads(Set<Long> hashes) throws StoreException;

    /**
     * Removes hashes of Message-IDs whose threads have no email any more: an answer that comes yet begins a thread of its own.
     *
     * @param worth where there are not more hashes than this, nothing is done
     * @param most so many at a time
     * @return how many were removed
     */
    int trimMessageIds(long worth, int most) throws StoreException;

    /**
     * Makes changes, all or none.
     *
     * @param synced whether they, and all before them, must survive a power cut
     */
    void commit(List<Write> writes, boolean synced) throws StoreException;

    /** Has {@code write} be part of the next commit; until then nothing is changed. Whether it was is {@link #committed}. */
    void withNextCommit(Write write);

    /** Whether anything was committed since it was opened. */
    boolean committed();

    @Override
    void close() throws StoreException;
}
