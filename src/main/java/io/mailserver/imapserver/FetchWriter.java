package io.mailserver.imapserver;

import io.mailserver.imap.ByteRange;
import io.mailserver.imap.FetchItem;
import io.mailserver.imap.FetchItem.Attribute;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.Section;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.EmailParts;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageRow;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Writes the FETCH responses of one command. No lock is held meanwhile. */
final class FetchWriter {
    private final SessionContext context;
    private final SelectedMailbox selected;
    private final FetchPlan plan;
    private final ImapWriter out;
    private final boolean modSeq;
    private final boolean tellsFlags;
    private boolean someGone;
    private @Nullable StatusResponse trouble;
    private long written;

    FetchWriter(SessionContext context, FetchPlan plan) {
        this.context = context;
        this.selected = context.selected();
        this.plan = plan;
        this.out = context.out();
        this.modSeq = context.has(Feature.CONDSTORE);
        this.tellsFlags = plan.items().contains(Attribute.FLAGS);
    }

    /** Whether messages were not sent because they were expunged meanwhile. */
    boolean someGone() {
        return someGone;
    }

    /** What kept a message from being read. */
    Optional<StatusResponse> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** How many messages were sent. */
    long written() {
        return written;
    }

    /** @param nowSeen messages whose FLAGS are to be told because this command changed them (RFC 9051 §6.4.5) */
    void write(UidSet uids, UidSet nowSeen) throws StoreException, IOException {
        MessageList list = selected.view().list();
        if (tellsFlags) {
            selected.said(uids);
        } else {
            selected.said(nowSeen);
        }
        if (plan.fields().isEmpty()) {
            for (int range = 0; range < uids.ranges(); range++) {
                for (int index = list.indexFrom(uids.first(range));
                        index < list.size() && Integer.compareUnsigned(list.uid(index), uids.last(range)) <= 0;
                        index++) {
                    message(list, index, null, nowSeen);
                }
            }
            return;
        }
        long[] rows = {0};
        selected.mailbox().<IOException>read(list, uids, plan.fields(), row -> {
            rows[0]++;
            message(list, row.index(), row, nowSeen);
        });
        someGone |= rows[0] < uids.size();
    }

    private void message(MessageList list, int index, @Nullable MessageRow row, UidSet nowSeen) throws IOException {
        if (!plan.content()) {
            response(list, index, row, null, nowSeen);
            return;
        }
        try (MessageContent content = selected.mailbox().content(list.uid(index))) {
            response(list, index, row, new ServedMessage(content, row), nowSeen);
        } catch (StoreException e) {
            // Before the first octet of the response was written: content() is all that throws this.
            if (e.reason() == StoreException.Cause.EXPUNGED) {
                someGone = true;
            } else {
                context.services().log().error("imap.message-unreadable", e, "uid", Integer.toUnsignedLong(list.uid(index)));
                trouble = Refusals.of(e);
            }
        }
    }

    private void response(
            MessageList list, int index, @Nullable MessageRow row, @Nullable ServedMessage message, UidSet nowSeen)
            throws IOException {
        written++;
        out.beginFetch(selected.view().numberAt(index));
        for (FetchItem item : plan.items()) {
            switch (item) {
                case Attribute attribute -> attribute(attribute, list, index, row, message);
                case FetchItem.Body body -> body(body, row, message);
                case FetchItem.Preview preview -> out.item("PREVIEW").string(parts(row).preview());
                case FetchItem.Binary binary -> throw new IllegalStateException("refused before");
                case FetchItem.BinarySize size -> throw new IllegalStateException("refused before");
            }
        }
        if (!tellsFlags && nowSeen.contains(list.uid(index))) {
            flags(list, index);
            if (modSeq && !plan.items().contains(Attribute.MODSEQ)) {
                out.item("MODSEQ").open().number(list.modSeq(index)).close();
            }
        }
        out.endFetch();
    }

    private void flags(MessageList list, int index) throws IOException {
        Flags.write(out.item("FLAGS"), list, list.flags(index), selected.isRecent(list.uid(index)));
    }

    private void attribute(
            Attribute attribute, MessageList list, int index, @Nullable MessageRow row, @Nullable ServedMessage message)
            throws IOException {
        switch (attribute) {
            case UID -> out.item("UID").number(Integer.toUnsignedLong(list.uid(index)));
            case FLAGS -> flags(list, index);
            case MODSEQ -> out.item("MODSEQ").open().number(list.modSeq(index)).close();
            case RFC822_SIZE -> out.item("RFC822.SIZE").number(list.size(index));
            case INTERNALDATE -> DateTimes.write(out.item("INTERNALDATE"), list.internalDate(index));
            case EMAILID -> out.item("EMAILID").open().ascii(list.emailId(index).toString()).close();
            case THREADID -> out.item("THREADID").open().ascii(String.valueOf(row(row).threadId())).close();
            case SAVEDATE -> {
                out.item("SAVEDATE");
                Instant saved = row(row).saveDate();
                if (saved == null) {
                    out.nil();
                } else {
                    DateTimes.write(out, saved);
                }
            }
            case ENVELOPE -> out.item("ENVELOPE").octets(parts(row).envelope());
            case BODY -> out.item("BODY").octets(parts(row).body());
            case BODYSTRUCTURE -> out.item("BODYSTRUCTURE").octets(parts(row).bodyStructure());
            case RFC822 -> section("RFC822", Section.MESSAGE, OptionalLong.empty(), Optional.empty(), message);
            case RFC822_HEADER -> section("RFC822.HEADER", of(Section.Kind.HEADER), OptionalLong.empty(), Optional.empty(), message);
            case RFC822_TEXT -> section("RFC822.TEXT", of(Section.Kind.TEXT), OptionalLong.empty(), Optional.empty(), message);
        }
    }

    private static Section of(Section.Kind kind) {
        return new Section(List.of(), kind, List.of());
    }

    private static MessageRow row(@Nullable MessageRow row) {
        if (row == null) {
            throw new IllegalStateException("the plan reads no row");
        }
        return row;
    }

    private static EmailParts parts(@Nullable MessageRow row) {
        return row(row).cached();
    }

    private void body(FetchItem.Body body, @Nullable MessageRow row, @Nullable ServedMessage message) throws IOException {
        String name = name(body.section());
        OptionalLong origin = body.range().isPresent() ? OptionalLong.of(body.range().get().first()) : OptionalLong.empty();
        if (UsualFields.serve(body.section())) {
            begin(name, body.section(), origin);
            byte[] fields = HeaderFields.of(body.section()).select(parts(row).headers());
            octets(fields, body.range());
        } else {
            section(name, body.section(), origin, body.range(), message);
        }
    }

    private void octets(byte[] octets, Optional<ByteRange> range) throws IOException {
        int from = (int) range.map(ByteRange::first).map(first -> Math.min(first, octets.length)).orElse(0L).longValue();
        int length = (int) Math.min(octets.length - from, range.map(ByteRange::count).orElse(Long.MAX_VALUE));
        out.literal(length).octets(octets, from, length);
    }

    private void section(
            String name, Section section, OptionalLong origin, Optional<ByteRange> range, @Nullable ServedMessage message)
            throws IOException {
        if (message == null) {
            throw new IllegalStateException("the plan opens no content");
        }
        begin(name, section, origin);
        switch (message.section(section)) {
            case ServedMessage.Found.Nothing() -> out.nil();
            case ServedMessage.Found.Octets(byte[] octets) -> octets(octets, range);
            case ServedMessage.Found.Place(long start, long end) -> {
                long from = Math.min(end, start + range.map(ByteRange::first).orElse(0L));
                long length = Math.min(end - from, range.map(ByteRange::count).orElse(Long.MAX_VALUE));
                message.copy(from, length, out);
            }
        }
    }

    /** The item's name with what the client wrote in brackets, but for the range, of which only the origin comes back. */
    private void begin(String name, Section section, OptionalLong origin) throws IOException {
        if (!name.startsWith("BODY[")) {
            out.item(name);
            return;
        }
        out.beginItem(name);
        if (section.kind() == Section.Kind.HEADER_FIELDS || section.kind() == Section.Kind.HEADER_FIELDS_NOT) {
            out.space().open();
            for (int i = 0; i < section.fields().size(); i++) {
                if (i > 0) {
                    out.space();
                }
                out.astring(section.fields().get(i));
            }
            out.close();
        }
        out.ascii("]");
        if (origin.isPresent()) {
            out.ascii("<").number(origin.getAsLong()).ascii(">");
        }
        out.space();
    }

    private static String name(Section section) {
        StringBuilder name = new StringBuilder("BODY[");
        for (int number : section.part()) {
            name.append(name.length() > 5 ? "." : "").append(number);
        }
        if (!section.kind().word().isEmpty()) {
            name.append(name.length() > 5 ? "." : "").append(section.kind().word());
        }
        return name.toString();
    }
}
