package io.mailserver.imapserver;

import io.mailserver.imap.BodyStructure;
import io.mailserver.imap.ByteRange;
import io.mailserver.imap.FetchItem;
import io.mailserver.imap.FetchItem.Attribute;
import io.mailserver.imap.HeaderSelection;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.Section;
import io.mailserver.imap.SectionPlace;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.EmailParts;
import io.mailserver.store.MessageContent;
import io.mailserver.store.MessageContents;
import io.mailserver.store.MessageList;
import io.mailserver.store.MessageRow;
import io.mailserver.store.StoreException;
import io.mailserver.store.UidSet;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
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

    private String idSuffix() {
        return selected.info().id().idSuffix();
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
        try (MessageContents contents = selected.mailbox().contents(list, uids)) {
            write(list, uids, contents, nowSeen);
        }
    }

    private void write(MessageList list, UidSet uids, MessageContents contents, UidSet nowSeen) throws StoreException, IOException {
        if (plan.fields().isEmpty()) {
            for (int range = 0; range < uids.ranges(); range++) {
                for (int index = list.indexFrom(uids.first(range));
                        index < list.size() && Integer.compareUnsigned(list.uid(index), uids.last(range)) <= 0;
                        index++) {
                    message(list, index, contents, null, nowSeen);
                }
            }
            return;
        }
        long[] rows = {0};
        selected.mailbox().<IOException>read(list, uids, plan.fields(), row -> {
            rows[0]++;
            message(list, row.index(), contents, row, nowSeen);
        });
        someGone |= rows[0] < uids.size();
    }

    private void message(MessageList list, int index, MessageContents contents, @Nullable MessageRow row, UidSet nowSeen)
            throws IOException {
        if (!plan.content()) {
            response(list, index, row, null, nowSeen);
            return;
        }
        try (MessageContent content = contents.of(list.uid(index))) {
            ServedMessage message = new ServedMessage(content, row);
            if (cannotDecode(message)) {
                trouble = StatusResponse.no(ResponseCode.Plain.UNKNOWN_CTE, "A part has an encoding that is not known; fetch it as BODY");
                return;
            }
            response(list, index, row, message, nowSeen);
        } catch (StoreException e) {
            // Before the first octet of the response was written: the opening is all that throws this.
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
        context.beginFetch(index);
        for (FetchPlan.Step step : plan.steps()) {
            switch (step.item()) {
                case Attribute attribute -> attribute(attribute, list, index, row, message);
                case FetchItem.Body body -> body(step, body, row, message);
                case FetchItem.Preview preview -> out.item(step.name()).string(parts(row).preview());
                case FetchItem.Binary binary -> binary(step.name(), binary, content(message));
                case FetchItem.BinarySize size -> {
                    Optional<DecodedPart> part = content(message).decoded(size.part());
                    out.item(step.name()).number(part.isPresent() ? part.get().size() : 0);
                }
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
            case EMAILID -> out.item("EMAILID").open().ascii(list.emailId(index) + idSuffix()).close();
            case THREADID -> out.item("THREADID").open().ascii(row(row).threadId() + idSuffix()).close();
            case SAVEDATE -> {
                out.item("SAVEDATE");
                Instant saved = row(row).saveDate();
                if (saved == null) {
                    out.nil();
                } else {
                    DateTimes.write(out, saved);
                }
            }
            case ENVELOPE -> out.item("ENVELOPE").rendered(parts(row).envelope());
            case BODY -> out.item("BODY").rendered(BodyStructure.withoutExtensions(parts(row).bodyStructure()));
            case BODYSTRUCTURE -> out.item("BODYSTRUCTURE").rendered(parts(row).bodyStructure());
            case RFC822 -> section("RFC822", Section.MESSAGE, Optional.empty(), content(message));
            case RFC822_HEADER -> section("RFC822.HEADER", Section.HEADER, Optional.empty(), content(message));
            case RFC822_TEXT -> section("RFC822.TEXT", Section.TEXT, Optional.empty(), content(message));
        }
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

    private static ServedMessage content(@Nullable ServedMessage message) {
        if (message == null) {
            throw new IllegalStateException("the plan opens no content");
        }
        return message;
    }

    private void body(FetchPlan.Step step, FetchItem.Body body, @Nullable MessageRow row, @Nullable ServedMessage message)
            throws IOException {
        HeaderSelection selection = step.selection();
        if (selection == null) {
            section(step.name(), body.section(), body.range(), content(message));
            return;
        }
        out.item(step.name());
        if (step.usual()) {
            octets(selection.of(parts(row).headers()), body.range());
            return;
        }
        Optional<SectionPlace> header = content(message).place(body.section());
        if (header.isPresent()) {
            octets(content(message).fields(header.get(), selection), body.range());
        } else {
            out.nil();
        }
    }

    private void octets(byte[] octets, Optional<ByteRange> range) throws IOException {
        SectionPlace all = new SectionPlace(0, octets.length);
        SectionPlace place = range.map(all::cut).orElse(all);
        out.literal(place.octets()).octets(octets, (int) place.start(), (int) place.octets());
    }

    private void section(String name, Section section, Optional<ByteRange> range, ServedMessage message) throws IOException {
        Optional<SectionPlace> place = message.place(section);
        out.item(name);
        if (place.isPresent()) {
            message.copy(place.get(), range, out);
        } else {
            out.nil();
        }
    }

    private void binary(String name, FetchItem.Binary binary, ServedMessage message) throws IOException {
        Optional<DecodedPart> part = message.decoded(binary.part());
        out.item(name);
        if (part.isPresent()) {
            part.get().write(binary.range(), out);
        } else {
            out.nil();
        }
    }

    /** RFC 9051 §7.1: whether a part is asked for decoded, and nobody knows how. */
    private boolean cannotDecode(ServedMessage message) throws IOException {
        for (FetchItem item : plan.items()) {
            Optional<DecodedPart> part = switch (item) {
                case FetchItem.Binary binary -> message.decoded(binary.part());
                case FetchItem.BinarySize size -> message.decoded(size.part());
                default -> Optional.empty();
            };
            if (part.filter(DecodedPart::isUnknown).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
