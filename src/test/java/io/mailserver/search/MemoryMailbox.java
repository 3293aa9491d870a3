package io.mailserver.search;

import io.mailserver.mime.HeaderBlock;
import io.mailserver.mime.HeaderField;
import io.mailserver.mime.MimeMessage;
import io.mailserver.mime.MimeParser;
import io.mailserver.mime.MimeStructure;
import io.mailserver.store.AppendOutcome;
import io.mailserver.store.Changes;
import io.mailserver.store.CopyOutcome;
import io.mailserver.store.EmailParts;
import io.mailserver.store.Flag;
import io.mailserver.store.FlagChange;
import io.mailserver.store.Mailbox;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageField;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageLists;
import io.mailserver.store.MessageRow;
import io.mailserver.store.NewMessage;
import io.mailserver.store.StoreOutcome;
import io.mailserver.store.ThreadId;
import io.mailserver.store.UidSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Messages in memory, UIDs 1, 2, 3 …; to be read, not to be changed. Counts what is read. */
final class MemoryMailbox implements Mailbox {
    private final List<byte[]> messages = new ArrayList<>();
    private final List<MessageLists.Message> entries = new ArrayList<>();
    int rowsRead;
    int contentsRead;

    /** Adds a message; LF becomes CRLF. Received {@code number} days after 1970, number as email id. */
    MemoryMailbox add(String text, long flags) {
        byte[] octets = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        int number = messages.size() + 1;
        messages.add(octets);
        entries.add(new MessageLists.Message(number, flags, 10L * number, number, octets.length, number * 86_400));
        return this;
    }

    MemoryMailbox add(String text) {
        return add(text, 0);
    }

    byte[] octets(int uid) {
        return messages.get(uid - 1);
    }

    @Override
    public MessageList messages() {
        return MessageLists.of(entries, entries.size() + 1, 10_000, List.of(new Flag("$One"), new Flag("$Two")));
    }

    @Override
    public <X extends Exception> void read(MessageList list, UidSet uids, Set<MessageField> fields, RowConsumer<X> consumer) throws X {
        for (int i = 0; i < messages.size(); i++) {
            if (uids.contains(i + 1)) {
                rowsRead++;
                consumer.accept(new MessageRow(i + 1, i,
                        fields.contains(MessageField.THREAD_ID) ? new ThreadId(i / 2) : null,
                        fields.contains(MessageField.SAVE_DATE) ? Instant.ofEpochSecond(i * 1_000L) : null,
                        fields.contains(MessageField.PARTS) ? parts(messages.get(i)) : null));
            }
        }
    }

    private static EmailParts parts(byte[] octets) {
        MimeMessage message = MimeParser.parse(octets, MimeParser.Limits.DEFAULTS);
        HeaderBlock header = message.header();
        ByteArrayOutputStream usual = new ByteArrayOutputStream();
        for (HeaderField field : header.fields()) {
            if (EmailParts.HEADER_FIELDS.contains(field.lowerName())) {
                usual.writeBytes(field.octets());
            }
        }
        byte[] none = new byte[0];
        return new EmailParts(none, none, none, usual.toByteArray(), none, MimeStructure.encode(message.root()));
    }

    @Override
    public MessageContent content(int uid) {
        contentsRead++;
        byte[] octets = messages.get(uid - 1);
        return new MessageContent() {
            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) {
                int count = (int) Math.max(0, Math.min(length, octets.length - position));
                System.arraycopy(octets, (int) position, into, offset, count);
                return count;
            }

            @Override
            public InputStream open(long position, long length) {
                return new ByteArrayInputStream(octets, (int) position, (int) length);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public MailboxId id() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreOutcome store(UidSet uids, FlagChange change, OptionalLong unchangedSince) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UidSet expunge(Optional<UidSet> uids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AppendOutcome append(List<NewMessage> added) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CopyOutcome copy(UidSet uids, MailboxId target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CopyOutcome move(UidSet uids, MailboxId target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Changes changesSince(long modSeq) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int claimRecent(boolean examine) {
        throw new UnsupportedOperationException();
    }
}
