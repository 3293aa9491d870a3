package io.mailserver.imap;

import io.mailserver.base.Content;
import io.mailserver.base.ContentWriter;
import io.mailserver.imap.ImapInput.LiteralDecision;
import io.mailserver.imap.ImapInput.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one command, line after literal after line. Owns the messages that came with it until the frame does. */
final class CommandReader implements AutoCloseable {
    /** Beyond that a literal is not worth a buffer of the input's small size. */
    private static final int BULK_OCTETS = 16 << 10;

    private static final StatusResponse TOO_LONG = StatusResponse.bad(ResponseCode.Plain.LIMIT, "The command is too long");
    private static final StatusResponse LOST =
            StatusResponse.bye(ResponseCode.Plain.TOOBIG, "Too much was sent that cannot be taken; it cannot be skipped");

    private final ImapInput input;
    private final ImapInput.Peer peer;
    private final ImapInput.Limits limits;
    private final Dialect dialect;
    private final List<ImapFrame.Streamed> streamed = new ArrayList<>();
    private byte[] octets = new byte[0];
    private int length;
    private long messageOctets;
    private long dropped;
    /** Why the command will be refused once it has been read to its end. */
    private @Nullable StatusResponse refusal;

    CommandReader(ImapInput input, ImapInput.Peer peer, ImapInput.Limits limits, Dialect dialect) {
        this.input = input;
        this.peer = peer;
        this.limits = limits;
        this.dialect = dialect;
    }

    Outcome read() throws IOException {
        while (true) {
            Optional<Outcome> early = readLine();
            if (early.isPresent()) {
                return early.get();
            }
            Optional<Announcement> literal = Announcement.atEnd(octets, length);
            if (literal.isEmpty()) {
                return end();
            }
            append(new byte[] {'\r', '\n'}, 0, 2);
            Optional<Outcome> stop = readLiteral(literal.get());
            if (stop.isPresent()) {
                return stop.get();
            }
        }
    }

    private Outcome end() {
        if (refusal != null) {
            return new Outcome.Refused(tag(), refusal);
        }
        ImapFrame frame = new ImapFrame(octets, length, streamed);
        streamed.clear();
        return new Outcome.Command(frame);
    }

    /** Adds the next line without its CRLF; an outcome where that is not possible. */
    private Optional<Outcome> readLine() throws IOException {
        int room = limits.command() - length;
        int line = input.lineLength(room);
        if (line == -1) {
            return Optional.of(new Outcome.End());
        }
        if (line == -2) {
            return Optional.of(dropLongLine());
        }
        int start = input.position();
        boolean crlf = line > 1 && input.buffer()[start + line - 2] == '\r';
        append(input.buffer(), start, line - (crlf ? 2 : 1));
        input.skip(line);
        if (crlf) {
            return Optional.empty();
        }
        StatusResponse bare = StatusResponse.bad("A line ended with LF alone; lines must end with CRLF (by hand use: nc -C)");
        boolean literalFollows = Announcement.atEnd(octets, length).isPresent();
        return Optional.of(new Outcome.Refused(tag(), literalFollows ? LOST : bare));
    }

    /** Where the line's end announces a literal that is not asked for, nothing after it can be told apart from commands. */
    private Outcome dropLongLine() throws IOException {
        int known = Math.min(input.available(), limits.command() - length);
        append(input.buffer(), input.position(), known);
        long before = input.arrived();
        byte[] tail = new byte[24];
        int tailLength = 0;
        while (true) {
            int available = input.available();
            if (available == 0) {
                return new Outcome.End();
            }
            byte octet = input.buffer()[input.position()];
            input.skip(1);
            if (octet == '\n') {
                break;
            }
            if (tailLength == tail.length) {
                System.arraycopy(tail, 1, tail, 0, tail.length - 1);
                tailLength--;
            }
            tail[tailLength++] = octet;
            if (input.arrived() - before > Math.max(limits.dropped(), limits.command())) {
                return new Outcome.Refused(tag(), LOST);
            }
        }
        int end = tailLength > 0 && tail[tailLength - 1] == '\r' ? tailLength - 1 : tailLength;
        boolean lost = Announcement.atEnd(tail, end).filter(literal -> !literal.synchronizing()).isPresent();
        return new Outcome.Refused(tag(), lost ? LOST : TOO_LONG);
    }

    /** Reads a literal to where it belongs; an outcome where the command ends with it. */
    private Optional<Outcome> readLiteral(Announcement literal) throws IOException {
        Optional<MessageLiteral> message = MessageLiteral.announcedBy(octets, length, dialect);
        Optional<StatusResponse> objection = objection(literal, message.isPresent());
        if (refusal == null && objection.isEmpty() && message.isPresent()) {
            return readMessage(literal, message.get());
        }
        if (refusal != null || objection.isPresent()) {
            return refuse(literal, refusal != null ? refusal : objection.orElseThrow());
        }
        if (literal.synchronizing()) {
            peer.goAhead();
        }
        return readArgument((int) literal.octets());
    }

    private Optional<StatusResponse> objection(Announcement literal, boolean message) {
        if (!literal.synchronizing() && literal.octets() > limits.nonSynchronizing()) {
            return Optional.of(StatusResponse.bad(ResponseCode.Plain.TOOBIG, "A literal of more than " + limits.nonSynchronizing()
                    + " octets must wait for the server: write {" + literal.octets() + "}")); // RFC 7888 §5
        }
        if (!message && literal.octets() > limits.command() - length) {
            return Optional.of(StatusResponse.no(ResponseCode.Plain.TOOBIG, "The literal is too large; a command may have "
                    + limits.command() + " octets"));
        }
        return Optional.empty();
    }

    /** RFC 9051 §4.3: no continuation request; RFC 7888 §4: what comes unasked is read and dropped, or the connection ends. */
    private Optional<Outcome> refuse(Announcement literal, StatusResponse response) throws IOException {
        if (literal.synchronizing() || response.thenClose()) {
            return Optional.of(new Outcome.Refused(tag(), response));
        }
        refusal = response;
        dropped += literal.octets();
        if (literal.octets() > limits.dropped() || dropped > limits.dropped()) {
            return Optional.of(new Outcome.Refused(tag(), LOST));
        }
        return drop(literal.octets()) ? Optional.empty() : Optional.of(new Outcome.End());
    }

    private boolean drop(long octets) throws IOException {
        long left = octets;
        while (left > 0) {
            int available = input.available();
            if (available == 0) {
                return false;
            }
            int taken = (int) Math.min(left, available);
            input.skip(taken);
            left -= taken;
        }
        return true;
    }

    private Optional<Outcome> readArgument(int size) throws IOException {
        int left = size;
        while (left > 0) {
            int available = input.available();
            if (available == 0) {
                return Optional.of(new Outcome.End());
            }
            int taken = Math.min(left, available);
            append(input.buffer(), input.position(), taken);
            input.skip(taken);
            left -= taken;
        }
        return Optional.empty();
    }

    private Optional<Outcome> readMessage(Announcement literal, MessageLiteral message) throws IOException {
        LiteralRequest request =
                new LiteralRequest(message.tag(), message.verb(), message.mailbox(), literal.octets(), messageOctets, literal.binary());
        return switch (peer.literal(request)) {
            case LiteralDecision.Refuse(StatusResponse response) -> refuse(literal, response);
            case LiteralDecision.Take(ContentWriter writer) -> {
                try (writer) {
                    yield stream(literal, writer);
                }
            }
        };
    }

    private Optional<Outcome> stream(Announcement literal, ContentWriter writer) throws IOException {
        if (literal.synchronizing()) {
            peer.goAhead();
        }
        if (literal.octets() > BULK_OCTETS) {
            input.growForBulk();
        }
        messageOctets += literal.octets();
        long left = literal.octets();
        while (left > 0) {
            int available = input.available();
            if (available == 0) {
                return Optional.of(new Outcome.End());
            }
            int taken = (int) Math.min(left, available);
            hold(writer, taken);
            input.skip(taken);
            left -= taken;
        }
        input.endBulk();
        finish(writer);
        return Optional.empty();
    }

    /** A failure of the spool is not one of the connection: the rest is read and dropped, and the client is told. */
    private void hold(ContentWriter writer, int taken) {
        if (refusal != null) {
            return;
        }
        try {
            writer.write(input.buffer(), input.position(), taken);
        } catch (IOException e) {
            refusal = peer.cannotHold(e);
        }
    }

    private void finish(ContentWriter writer) {
        if (refusal != null) {
            return;
        }
        try {
            Content content = writer.finish();
            streamed.add(new ImapFrame.Streamed(length, content));
        } catch (IOException e) {
            refusal = peer.cannotHold(e);
        }
    }

    private void append(byte[] from, int start, int count) {
        if (length + count > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(length + count, Math.min(2 * octets.length, limits.command() + 2)));
        }
        System.arraycopy(from, start, octets, length, count);
        length += count;
    }

    private Optional<String> tag() {
        return ImapCursor.tagOf(octets, length);
    }

    @Override
    public void close() {
        streamed.forEach(message -> message.content().close());
    }
}
