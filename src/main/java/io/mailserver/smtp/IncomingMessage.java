package io.mailserver.smtp;

import io.mailserver.base.DiskFull;
import io.mailserver.base.PlatformPool.OverloadedException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message while it comes in, by DATA or BDAT: passes its octets on to a sink in large pieces, counts, and remembers the first thing
 * wrong with it. From then on nothing is passed on; the rest is read and dropped, so that nothing of it is taken for commands.
 *
 * <p>Belongs to the session's thread.
 */
public final class IncomingMessage {
    /**
     * What a message may be.
     *
     * @param messageOctets its size, dot-unstuffed (RFC 1870 §5)
     * @param lineOctets the length of its longest line without CRLF
     * @param receivedFields how many Received fields mean a loop (RFC 5321 §6.3)
     * @param droppedOctets how much of a refused message is read before the connection is closed instead
     */
    public record Limits(long messageOctets, int lineOctets, int receivedFields, long droppedOctets) {}

    /** Takes a message's octets, in order. */
    @FunctionalInterface
    public interface Sink {
        /** @throws IOException where it cannot take more of this message */
        void write(byte[] octets, int offset, int length) throws IOException;
    }

    private static final Reply BARE_LINE_END = Reply.of(550, "5.5.2", "The message holds a bare CR or LF; lines must end with CRLF. "
            + "When typing by hand use: nc -C");

    private final Limits limits;
    private final Sink sink;
    private final boolean binary;
    private final ReceivedCounter received = new ReceivedCounter();
    private long octets;
    private long dropped;
    private @Nullable Reply refusal;
    private @Nullable IOException sinkFailure;

    /**
     * @param sink where octets go
     * @param binary whether CR and LF may stand alone (BODY=BINARYMIME, RFC 3030 §3)
     */
    public IncomingMessage(Limits limits, Sink sink, boolean binary) {
        this.limits = limits;
        this.sink = sink;
        this.binary = binary;
    }

    /** How many octets have been passed on. */
    public long octets() {
        return octets;
    }

    /** How many octets have come in, passed on or dropped. */
    public long arrived() {
        return octets + dropped;
    }

    /** What is wrong with the message, if anything, as the answer to its sender. */
    public Optional<Reply> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Why the sink took no more, for the log, where that is what is wrong. */
    public Optional<IOException> sinkFailure() {
        return Optional.ofNullable(sinkFailure);
    }

    /** Refuses the message for another reason; the first one stands. */
    public void refuse(Reply reply) {
        if (refusal == null) {
            refusal = reply;
        }
    }

    boolean isBinary() {
        return binary;
    }

    void refuseBareLineEnd() {
        refuse(BARE_LINE_END);
    }

    /** A line is now {@code length} octets long. */
    void checkLine(long length) {
        if (length > limits.lineOctets() && !binary) {
            refuse(Reply.of(550, "5.6.0", "The message holds a line of more than " + limits.lineOctets() + " octets"));
        }
    }

    /** Passes octets on, or drops them; false when so many were dropped that the connection shall end. */
    boolean accept(byte[] from, int start, int end) {
        int length = end - start;
        if (refusal == null && octets + length > limits.messageOctets()) {
            refuse(Reply.of(552, "5.3.4", "The message is larger than " + limits.messageOctets() + " octets"));
        }
        if (refusal != null) {
            dropped += length;
            return dropped <= limits.droppedOctets();
        }
        octets += length;
        if (received.count(from, start, end) > limits.receivedFields()) {
            refuse(Reply.of(554, "5.4.6", "Too many Received fields: the message is in a loop"));
            return true;
        }
        try {
            sink.write(from, start, length);
        } catch (IOException e) {
            sinkFailure = e;
            refuse(cannotStore(e));
        }
        return true;
    }

    /** What a sender is told when the octets of its message cannot be held. */
    public static Reply cannotStore(IOException trouble) {
        if (trouble instanceof OverloadedException) {
            return Reply.of(451, "4.3.2", "Too busy now; try again later");
        }
        return DiskFull.causes(trouble)
                ? Reply.of(452, "4.3.1", "Not enough storage now; try again later")
                : Reply.of(451, "4.3.0", "The message cannot be stored now; try again later");
    }
}
