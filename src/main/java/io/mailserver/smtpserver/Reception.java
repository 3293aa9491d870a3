package io.mailserver.smtpserver;

import io.mailserver.base.Content;
import io.mailserver.base.ContentWriter;
import io.mailserver.log.LogContext;
import io.mailserver.log.SessionTrace;
import io.mailserver.net.Connection;
import io.mailserver.net.EndOfInput;
import io.mailserver.smtp.ChunkReader;
import io.mailserver.smtp.Client.Service;
import io.mailserver.smtp.DataReader;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.IncomingMessage;
import io.mailserver.smtp.MailParameters.Body;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpInput;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** How a session takes in messages and hands them on: DATA and BDAT. */
final class Reception {
    /** How much of a refused message is read at least before the connection is closed over it instead. */
    private static final long MIN_DROPPED_OCTETS = 64L << 20;

    private final Connection connection;
    private final SmtpSettings settings;
    private final SmtpServices services;
    private final SessionTrace trace;
    private final SmtpInput input;
    private final SessionOutput output;
    /** While octets of a message come in. */
    private @Nullable Pace pace;
    private @Nullable IncomingMessage arriving;

    Reception(
            Connection connection,
            SmtpSettings settings,
            SmtpServices services,
            SessionTrace trace,
            SmtpInput input,
            SessionOutput output) {
        this.connection = connection;
        this.settings = settings;
        this.services = services;
        this.trace = trace;
        this.input = input;
        this.output = output;
    }

    /** Sets the deadline of the next piece of a message; of a command it was set before. */
    void beforeRead() {
        Pace now = pace;
        IncomingMessage message = arriving;
        if (now != null && message != null) {
            connection.deadline(now.patience(message.arrived()));
        }
    }

    /** Takes the message after 354, delivers it, and returns the answer. */
    Reply data(Envelope envelope) throws IOException {
        services.watch().receiving(envelope);
        try (ContentWriter writer = services.spool().newContent()) {
            IncomingMessage message = incoming(writer, envelope);
            boolean whole = transfer(message, () -> DataReader.read(input, message));
            return whole ? finish(envelope, message, writer) : cutOff(envelope, message);
        }
    }

    /** The phase of a message that comes by BDAT; its writer is closed when the phase ends. */
    Phase.Chunks beginChunks(Envelope envelope) {
        services.watch().receiving(envelope);
        ContentWriter writer = services.spool().newContent();
        IncomingMessage message = incoming(writer, envelope);
        return new Phase.Chunks(envelope, message, new ChunkReader(input, message), writer);
    }

    /** Takes one chunk and returns its answer; after the last one that of the message. */
    Reply chunk(Phase.Chunks chunks, long octets, boolean last) throws IOException {
        IncomingMessage message = chunks.message();
        if (!transfer(message, () -> chunks.reader().read(octets, last))) {
            return cutOff(chunks.envelope(), message);
        }
        if (last || message.refusal().isPresent()) {
            return finish(chunks.envelope(), message, chunks.writer());
        }
        return Reply.of(250, "2.0.0", octets + " octets received"); // RFC 3030 §2
    }

    /** Takes a chunk that is not wanted, so that nothing of it is read as a command, and returns {@code reply}. */
    Reply dropChunk(long octets, boolean last, Reply reply) throws IOException {
        IncomingMessage unwanted = new IncomingMessage(limits(), (array, offset, length) -> {}, true);
        unwanted.refuse(reply);
        boolean whole = transfer(unwanted, () -> new ChunkReader(input, unwanted).read(octets, last));
        return whole ? reply : goodbye(reply);
    }

    private IncomingMessage incoming(ContentWriter writer, Envelope envelope) {
        return new IncomingMessage(limits(), writer::write, envelope.parameters().body() == Body.BINARY_MIME);
    }

    private IncomingMessage.Limits limits() {
        long messageOctets = settings.limits().maxMessageSize().octets();
        return new IncomingMessage.Limits(
                messageOctets,
                (int) settings.limits().maxTextLine().octets(),
                settings.limits().maxReceived(),
                Math.max(MIN_DROPPED_OCTETS, messageOctets));
    }

    @FunctionalInterface
    private interface Transfer {
        boolean run() throws IOException;
    }

    private boolean transfer(IncomingMessage message, Transfer transfer) throws IOException {
        pace = new Pace(services.time(), settings.limits(), message.arrived());
        arriving = message;
        long before = message.arrived();
        connection.inTransfer(true);
        try {
            return transfer.run();
        } finally {
            connection.inTransfer(false);
            pace = null;
            arriving = null;
            trace.receivedContent(message.arrived() - before);
        }
    }

    private Reply cutOff(Envelope envelope, IncomingMessage message) {
        Reply reply = goodbye(message.refusal().orElse(Replies.FAULT));
        conclude(envelope, message, reply);
        return reply;
    }

    /** Why a transfer ended before its end: the input did, or too much of a refused message was dropped. */
    private Reply goodbye(Reply refusal) {
        EndOfInput end = connection.endOfInput();
        return end == EndOfInput.NONE ? refusal.closing() : Replies.goodbye(end);
    }

    private Reply finish(Envelope envelope, IncomingMessage message, ContentWriter writer) throws IOException {
        return LogContext.current().withMessage(envelope.messageId()).call(() -> {
            Reply reply = message.refusal().isPresent() ? message.refusal().get() : deliver(envelope, writer);
            conclude(envelope, message, reply);
            return reply;
        });
    }

    private Reply deliver(Envelope envelope, ContentWriter writer) throws IOException {
        Content content;
        try {
            content = writer.finish();
        } catch (IOException e) {
            services.log().warn("smtp.spool-failed", "cause", e.toString());
            return IncomingMessage.cannotStore(e);
        }
        try (content) {
            return settings.service() == Service.LMTP ? deliverToEach(envelope, content) : services.delivery().deliver(envelope, content);
        }
    }

    /** RFC 2033 §4.2: one reply for each recipient, in order. Writes all but the last, which it returns. */
    private Reply deliverToEach(Envelope envelope, Content content) throws IOException {
        Iterator<Recipient> recipients = envelope.recipients().iterator();
        while (true) {
            Reply reply = services.delivery().deliver(envelope.onlyFor(recipients.next()), content);
            if (!recipients.hasNext()) {
                return reply;
            }
            output.write(reply);
            output.flush(); // RFC 2033 §5: each as soon as possible
        }
    }

    private void conclude(Envelope envelope, IncomingMessage message, Reply reply) {
        message.sinkFailure().ifPresent(e -> services.log().warn("smtp.spool-failed", "cause", e.toString()));
        services.log().info(
                reply.isPositive() ? "smtp.accepted" : "smtp.refused",
                "address", envelope.client().address().getHostAddress(),
                "from", envelope.sender(),
                "recipients", envelope.recipients().size(),
                "octets", message.arrived(),
                "reply", reply.code(),
                "text", reply.lines().getFirst());
        services.watch().finished(envelope, message.arrived(), reply);
    }
}
