package io.mailserver.store;

import io.mailserver.maildir.MaildirListing;
import io.mailserver.store.Index.EmailRow;
import java.io.IOException;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rows of messages batch by batch; what the index lacks is rendered from the files and kept. One use. */
final class RowReader {
    /** About a megabyte of cached parts; two milliseconds of the database. */
    private static final int BATCH = 500;

    private final OpenAccount account;
    private final OpenMailbox mailbox;
    private final StoredMailbox messages;

    RowReader(OpenAccount account, OpenMailbox mailbox, StoredMailbox messages) {
        this.account = account;
        this.mailbox = mailbox;
        this.messages = messages;
    }

    <X extends Exception> void read(MessageList list, UidSet uids, Set<MessageField> fields, Mailbox.RowConsumer<X> consumer)
            throws StoreException, X {
        Batch batch = new Batch(list, fields);
        for (int range = 0; range < uids.ranges(); range++) {
            int end = uids.last(range) == -1 ? list.size() : list.indexFrom(uids.last(range) + 1);
            for (int index = list.indexFrom(uids.first(range)); index < end; index++) {
                batch.add(index);
                if (batch.count == BATCH) {
                    batch.give(consumer);
                }
            }
        }
        batch.give(consumer);
    }

    private final class Batch {
        private final MessageList list;
        private final boolean withThreads;
        private final boolean withDates;
        private final boolean withParts;
        private final int[] indexes = new int[BATCH];
        private int count;

        Batch(MessageList list, Set<MessageField> fields) {
            this.list = list;
            this.withThreads = fields.contains(MessageField.THREAD_ID);
            this.withDates = fields.contains(MessageField.SAVE_DATE);
            this.withParts = fields.contains(MessageField.PARTS);
        }

        void add(int index) {
            indexes[count++] = index;
        }

        <X extends Exception> void give(Mailbox.RowConsumer<X> consumer) throws StoreException, X {
            if (count == 0) {
                return;
            }
            @Nullable EmailRow[] emails = withParts || withThreads ? emails() : new EmailRow[count];
            @Nullable Instant[] dates = withDates ? saveDates() : new Instant[count];
            for (int i = 0; i < count; i++) {
                EmailRow email = emails[i];
                if (email == null && (withParts || withThreads)) {
                    continue;
                }
                consumer.accept(row(indexes[i], email, dates[i]));
            }
            count = 0;
        }

        private MessageRow row(int index, @Nullable EmailRow email, @Nullable Instant saved) throws StoreException {
            try {
                return new MessageRow(
                        list.uid(index),
                        index,
                        email == null ? null : new ThreadId(email.thread()),
                        saved,
                        email == null || !withParts ? null : PartsCodec.decode(email.parts()));
            } catch (SQLException e) {
                throw new StoreException(StoreException.Cause.CORRUPT, "The index of the mailbox is damaged", e);
            }
        }

        private @Nullable EmailRow[] emails() throws StoreException {
            long[] numbers = new long[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = list.emailId(indexes[i]).number();
            }
            @Nullable EmailRow[] rows = new EmailRow[count];
            account.index().emails(numbers, true, (place, email) -> rows[place] = email);
            List<Integer> missing = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                EmailRow row = rows[i];
                if (row == null || !PartsCodec.isCurrent(row.parts())) {
                    missing.add(i);
                }
            }
            if (!missing.isEmpty()) {
                render(numbers, missing, rows);
            }
            return rows;
        }

        private void render(long[] numbers, List<Integer> missing, @Nullable EmailRow[] rows) throws StoreException {
            List<Long> emails = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            List<RenderedEmail> rendered = new ArrayList<>();
            for (Integer place : missing) {
                rows[place] = null;
                try (MessageContent content = messages.content(list.uid(indexes[place]))) {
                    rendered.add(account.parts().renderer().render(content));
                    emails.add(numbers[place]);
                    places.add(place);
                } catch (StoreException e) {
                    if (e.reason() != StoreException.Cause.EXPUNGED) {
                        throw e;
                    }
                } catch (IOException e) {
                    throw Troubles.of(e);
                }
            }
            List<EmailRow> kept = messages.keep(emails, rendered);
            for (int i = 0; i < kept.size(); i++) {
                rows[places.get(i)] = kept.get(i);
            }
        }

        /** When our own files were named says when they were saved; for those of others, their arrival is as good as any. */
        private @Nullable Instant[] saveDates() throws StoreException {
            UidSet.Builder uids = new UidSet.Builder();
            for (int i = 0; i < count; i++) {
                uids.add(list.uid(indexes[i]));
            }
            @Nullable Instant[] dates = new Instant[count];
            int place = 0;
            for (Index.FileRow file : account.index().files(mailbox.id().number(), uids.build())) {
                while (place < count && list.uid(indexes[place]) != file.uid()) {
                    place++;
                }
                if (place < count) {
                    dates[place] = saved(file.file(), list.internalDate(indexes[place]));
                }
            }
            return dates;
        }

        private static Instant saved(String file, Instant otherwise) {
            MaildirListing.Entry entry = MaildirBlobs.entry(file);
            String unique = entry.name().unique();
            int dot = unique.indexOf('.');
            boolean seconds = dot > 0 && dot <= 11 && unique.chars().limit(dot).allMatch(c -> c >= '0' && c <= '9');
            if (!seconds) {
                return otherwise;
            }
            try {
                return Instant.ofEpochSecond(Long.parseLong(unique.substring(0, dot)));
            } catch (DateTimeException e) {
                return otherwise;
            }
        }
    }
}
