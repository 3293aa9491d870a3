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
import io.mailserver.smtp.SmtpCommand;
import io.mailserver.smtp.SmtpInput;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Function;
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
        try (ContentWriter writer = newContent(envelope)) {
            IncomingMessage message = incoming(writer, envelope);
            boolean whole = transfer(message, () -> DataReader.read(input, message));
            return whole ? finish(envelope, message, writer) : cutOff(envelope, message);
        }
    }

    /** The phase of a message that comes by BDAT; its writer is closed when the phase ends. */
    Phase.Chunks beginChunks(Envelope envelope) {
        services.watch().receiving(envelope);
        ContentWriter writer = newContent(envelope);
        IncomingMessage message = incoming(writer, envelope);
        return new Phase.Chunks(envelope, message, new ChunkReader(input, message), writer);
    }

    /** Takes one chunk and returns its answer; after the last one that of the message. */
    Reply chunk(Phase.Chunks chunks, SmtpCommand.Bdat bdat) throws IOException {
        IncomingMessage message = chunks.message();
        if (!transfer(message, () -> chunks.reader().read(bdat.octets(), bdat.last()))) {
            return cutOff(chunks.envelope(), message);
        }
        if (bdat.last()) {
            return finish(chunks.envelope(), message, chunks.writer());
        }
        if (message.refusal().isPresent()) {
            report(chunks.envelope(), message, message.refusal().get());
            return message.refusal().get();
        }
        return Reply.of(250, "2.0.0", bdat.octets() + " octets received"); // RFC 3030 §2
    }

    /** Takes a chunk that is not wanted, so that nothing of it is read as a command, and returns {@code reply}. */
    Reply dropChunk(SmtpCommand.Bdat bdat, Reply reply) throws IOException {
        IncomingMessage unwanted = new IncomingMessage(limits(), (array, offset, length) -> {}, true);
        unwanted.refuse(reply);
        boolean whole = transfer(unwanted, () -> new ChunkReader(input, unwanted).read(bdat.octets(), bdat.last()));
        return whole ? reply : goodbye(reply);
    }

    private ContentWriter newContent(Envelope envelope) {
        return isBinary(envelope) ? services.spool().newContent() : services.spool().newTextContent();
    }

    private static boolean isBinary(Envelope envelope) {
        return envelope.parameters().body() == Body.BINARY_MIME;
    }

    private IncomingMessage incoming(ContentWriter writer, Envelope envelope) {
        return new IncomingMessage(limits(), writer::write, isBinary(envelope));
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
        report(envelope, message, reply);
        return reply;
    }

    /** Why a transfer ended before its end: the input did, or too much of a refused message was dropped. */
    private Reply goodbye(Reply refusal) {
        EndOfInput end = connection.endOfInput();
        return end == EndOfInput.NONE ? refusal.closing() : Replies.goodbye(end);
    }

    private Reply finish(Envelope envelope, IncomingMessage message, ContentWriter writer) throws IOException {
        return LogContext.current().withMessage(envelope.messageId()).call(() -> deliver(envelope, message, writer));
    }

    private Reply deliver(Envelope envelope, IncomingMessage message, ContentWriter writer) throws IOException {
        if (message.refusal().isPresent()) {
            Reply refusal = message.refusal().get();
            return answer(envelope, message, each -> refusal);
        }
        Content content;
        try {
            content = writer.finish();
        } catch (IOException e) {
            services.log().warn("smtp.spool-failed", "cause", e.toString());
            Reply refusal = IncomingMessage.cannotStore(e);
            return answer(envelope, message, each -> refusal);
        }
        try (content) {
            return answer(envelope, message, each -> services.delivery().deliver(each, content));
        }
    }

    /**
     * Once for the message; in LMTP once for each recipient in order (RFC 2033 §4.2), where this writes all answers but the last, which it
     * returns.
     */
    private Reply answer(Envelope envelope, IncomingMessage message, Function<Envelope, Reply> outcome) throws IOException {
        if (settings.service() != Service.LMTP) {
            Reply reply = outcome.apply(envelope);
            report(envelope, message, reply);
            return reply;
        }
        Iterator<Recipient> recipients = envelope.recipients().iterator();
        while (true) {
            Envelope each = envelope.onlyFor(recipients.next());
            Reply reply = outcome.apply(each);
            report(each, message, reply);
            if (!recipients.hasNext()) {
                return reply;
            }
            output.write(reply);
            output.flush(); // RFC 2033 §5: each as soon as possible
        }
    }

    private void report(Envelope envelope, IncomingMessage message, Reply reply) {
        message.sinkFailure().ifPresent(e -> services.log().warn("smtp.spool-failed", "cause", e.toString()));
        Object[] facts = {
            "address", envelope.client().address().getHostAddress(),
            "from", envelope.sender(),
            "recipients", envelope.recipients().size(),
            "octets", message.arrived(),
            "reply", reply.code(),
            "text", reply.lines().getFirst()
        };
        if (reply.isPositive()) {
            services.log().info("smtp.accepted", facts);
        } else {
            services.log().info("smtp.refused", facts);
        }
        services.watch().finished(envelope, message.arrived(), reply);
    }
}
