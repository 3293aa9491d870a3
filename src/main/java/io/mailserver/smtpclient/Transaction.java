package io.mailserver.smtpclient;

import io.mailserver.smtp.DeliverBy;
import io.mailserver.smtp.EnhancedStatus;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import io.mailserver.smtp.Xtext;
import io.mailserver.smtpclient.RecipientResult.Kind;
import io.mailserver.smtpclient.RecipientResult.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One message over a connection (RFC 5321 §3.3): MAIL, RCPT, DATA or BDAT, pipelined where the server can. */
final class Transaction {
    /** Larger messages go by BDAT where the server can: their lines need not be looked at. */
    private static final int CHUNKING_OCTETS = 256 << 10;
    private static final int LOCALLY_CLOSING = 421;
    /** RFC 3463 §3.4, §3.7 and RFC 6531 §3.5. */
    private static final EnhancedStatus TOO_LARGE = new EnhancedStatus(5, 3, 4);

    /** RFC 3463 §3.4, §3.5: not capable of what is asked for, delivery time expired. */
    private static final EnhancedStatus NOT_CAPABLE = new EnhancedStatus(5, 3, 3);

    private static final EnhancedStatus TOO_LATE = new EnhancedStatus(5, 4, 7);
    private static final EnhancedStatus CONVERSION_NEEDED = new EnhancedStatus(5, 6, 3);
    /** RFC 8689 §7. */
    private static final EnhancedStatus NEEDS_REQUIRETLS = new EnhancedStatus(5, 7, 30);

    private static final EnhancedStatus NEEDS_UTF8 = new EnhancedStatus(5, 6, 7);

    private final Wire wire;
    private final Extensions extensions;
    private final Timeouts times;
    private final boolean lmtp;
    private final OutgoingMessage message;
    private final @Nullable RecipientResult[] results;
    private final boolean chunking;
    private final boolean binary;
    private final boolean pipelining;
    private boolean connectionIsLost;
    private boolean finishedInGoodOrder;

    Transaction(Wire wire, Extensions extensions, Timeouts times, boolean lmtp, OutgoingMessage message) {
        this.wire = wire;
        this.extensions = extensions;
        this.times = times;
        this.lmtp = lmtp;
        this.message = message;
        this.results = new RecipientResult[message.recipients().size()];
        this.pipelining = extensions.has("PIPELINING");
        boolean beyondLines = message.isBinary() || message.shape().longLines();
        this.binary = beyondLines && OutgoingMessage.takesBinary(extensions);
        this.chunking = extensions.has("CHUNKING") && (binary || (message.content().size() > CHUNKING_OCTETS && !message.shape().binary()));
    }

    List<RecipientResult> run(boolean needsReset) {
        Optional<RecipientResult> impossible = impossible();
        if (impossible.isPresent()) {
            finishedInGoodOrder = !needsReset;
            fill(impossible.get());
            return all();
        }
        try {
            if (needsReset) {
                wire.line("RSET", "RSET");
                read(Stage.MAIL, times.command());
            }
            boolean wanted = envelope();
            if (wanted) {
                transfer();
            }
        } catch (DeliveryException e) {
            connectionIsLost = true;
            fill(e.result());
        } catch (IOException e) {
            connectionIsLost = true;
            fill(RecipientResult.local(Kind.TEMPORARY, Stage.MAIL, "the connection broke: " + e.getMessage()));
        }
        return all();
    }

    boolean connectionIsLost() {
        return connectionIsLost;
    }

    boolean finishedInGoodOrder() {
        return finishedInGoodOrder;
    }

    /** What this server can never take, so that it need not be asked. */
    private Optional<RecipientResult> impossible() {
        long octets = message.content().size();
        if (extensions.maxOctets().isPresent() && octets > extensions.maxOctets().getAsLong()) {
            return refused(TOO_LARGE, "the message has " + octets + " octets, the server takes " + extensions.maxOctets().getAsLong());
        }
        if (message.tls() == Handling.Tls.REQUIRED && !(extensions.has("REQUIRETLS") && wire.tlsProtocol().isPresent())) {
            return refused(NEEDS_REQUIRETLS, "the server does not promise what REQUIRETLS asks for"); // RFC 8689 §4.2.1
        }
        Optional<RecipientResult> late =
                message.parameters().handling().deliverBy().filter(by -> by.returned() && !lmtp).flatMap(this::late);
        if (late.isPresent()) {
            return late;
        }
        if (message.needsUtf8() && !extensions.has("SMTPUTF8")) {
            return refused(NEEDS_UTF8, "the server does not take international addresses and headers (SMTPUTF8)"); // RFC 6531 §3.2
        }
        if (message.isBinary() && !binary) {
            return refused(CONVERSION_NEEDED, "the server does not take binary messages (BINARYMIME)"); // RFC 3030 §3
        }
        if (message.shape().eightBit() && !extensions.has("8BITMIME") && !lmtp) {
            return refused(CONVERSION_NEEDED, "the server does not take 8-bit messages (8BITMIME)"); // RFC 6152 §3
        }
        return Optional.empty();
    }

    /** RFC 2852 §4: what must not be late goes only to servers that promise the same, and in the time that they need. */
    private Optional<RecipientResult> late(DeliverBy by) {
        if (!extensions.has("DELIVERBY")) {
            return refused(NOT_CAPABLE, "the server does not promise to deliver by a time (DELIVERBY)");
        }
        long left = by.left(wire.now());
        return left <= 0 || left < extensions.minDeliverBy()
                ? refused(TOO_LATE, "there are " + left + " seconds left, the server needs " + extensions.minDeliverBy())
                : Optional.empty();
    }

    private static Optional<RecipientResult> refused(EnhancedStatus status, String text) {
        return Optional.of(RecipientResult.local(Kind.PERMANENT, Stage.MAIL, status, text));
    }

    /** MAIL and RCPT, and DATA where it may go with them; whether the message is to be sent. */
    private boolean envelope() throws IOException {
        boolean dataToo = pipelining && !chunking;
        wire.line(mail(), mail());
        if (!pipelining && !mailAccepted()) {
            return false;
        }
        List<Recipient> recipients = message.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            String line = rcpt(recipients.get(i));
            wire.line(line, line);
            if (!pipelining) {
                recipientAnswered(i);
            }
        }
        if (dataToo) {
            wire.line("DATA", "DATA");
        }
        if (pipelining) {
            boolean accepted = mailAccepted();
            for (int i = 0; i < recipients.size(); i++) {
                // Read in any case: the answers to what was sent come (RFC 2920 §3.1).
                recipientAnswered(i);
            }
            if (!accepted && !dataToo) {
                return false;
            }
        }
        return dataToo ? dataAnswered() : anyAccepted();
    }

    private boolean mailAccepted() throws IOException {
        ServerReply reply = read(Stage.MAIL, times.command());
        if (!reply.isPositive()) {
            fill(negative(Stage.MAIL, reply));
            return false;
        }
        return true;
    }

    private void recipientAnswered(int i) throws IOException {
        ServerReply reply = read(Stage.RECIPIENT, times.command());
        if (results[i] == null && !reply.isPositive()) {
            results[i] = negative(Stage.RECIPIENT, reply);
        }
    }

    private boolean anyAccepted() {
        for (@Nullable RecipientResult result : results) {
            if (result == null) {
                return true;
            }
        }
        return false;
    }

    private boolean dataAnswered() throws IOException {
        ServerReply reply = read(Stage.DATA, times.dataStart());
        if (reply.code() / 100 != 3) {
            fill(negative(Stage.DATA, reply));
            return false;
        }
        if (!anyAccepted()) {
            // RFC 2920 §3.1: a server that wants data for nobody gets none.
            wire.out().write(new byte[] {'.', '\r', '\n'});
            read(Stage.MESSAGE, times.dataEnd());
            return false;
        }
        return true;
    }

    private void transfer() throws IOException {
        if (chunking) {
            String line = "BDAT " + message.content().size() + " LAST"; // RFC 3030 §2
            wire.line(line, line);
            sendContent(null);
        } else {
            if (!pipelining) {
                wire.line("DATA", "DATA");
                if (!dataAnswered()) {
                    return;
                }
            }
            DataWriter writer = new DataWriter(wire.out(), true);
            sendContent(writer);
        }
        answered();
    }

    private void sendContent(@Nullable DataWriter writer) throws IOException {
        byte[] block = new byte[SmtpClient.BLOCK_OCTETS];
        try (InputStream in = message.content().open()) {
            while (true) {
                int read = in.readNBytes(block, 0, block.length);
                if (read == 0) {
                    break;
                }
                wire.within(Stage.DATA, times.dataBlock(), () -> {
                    if (writer == null) {
                        wire.out().write(block, 0, read);
                    } else {
                        writer.write(block, 0, read);
                    }
                    return read;
                });
            }
            if (writer != null) {
                wire.within(Stage.DATA, times.dataBlock(), () -> {
                    writer.end();
                    return writer;
                });
            }
        }
    }

    /** One answer for all, in LMTP one for each that was accepted (RFC 2033 §4.2). */
    private void answered() throws IOException {
        @Nullable ServerReply reply = lmtp ? null : read(Stage.MESSAGE, times.dataEnd());
        boolean positive = true;
        for (int i = 0; i < results.length; i++) {
            if (results[i] != null) {
                continue;
            }
            ServerReply own = reply == null ? read(Stage.MESSAGE, times.dataEnd()) : reply;
            results[i] = own.isPositive() ? RecipientResult.of(Stage.MESSAGE, own) : negative(Stage.MESSAGE, own);
            positive &= own.isPositive();
        }
        finishedInGoodOrder = positive || lmtp;
    }

    private ServerReply read(Stage stage, Duration within) throws IOException {
        ServerReply reply = wire.reply(stage, within);
        if (reply.code() == LOCALLY_CLOSING) {
            connectionIsLost = true; // RFC 5321 §3.8
            if (stage != Stage.MESSAGE) {
                throw new DeliveryException(stage, reply);
            }
        }
        return reply;
    }

    /** A refusal; an answer that makes no sense here is a temporary one. */
    private static RecipientResult negative(Stage stage, ServerReply reply) {
        RecipientResult result = RecipientResult.of(stage, reply);
        return result.kind() == Kind.DELIVERED
                ? RecipientResult.local(Kind.TEMPORARY, stage, "unexpected reply: " + reply)
                : result;
    }

    private void fill(RecipientResult result) {
        for (int i = 0; i < results.length; i++) {
            if (results[i] == null) {
                results[i] = result;
            }
        }
    }

    private List<RecipientResult> all() {
        List<RecipientResult> all = new ArrayList<>(results.length);
        for (@Nullable RecipientResult result : results) {
            all.add(result == null ? RecipientResult.local(Kind.TEMPORARY, Stage.MAIL, "not tried") : result);
        }
        return all;
    }

    private String mail() {
        MailParameters parameters = message.parameters();
        StringBuilder line = new StringBuilder("MAIL FROM:<");
        message.reversePath().ifPresent(line::append);
        line.append('>');
        if (extensions.has("SIZE")) {
            line.append(" SIZE=").append(message.content().size()); // RFC 1870 §6.3
        }
        if (binary) {
            line.append(" BODY=BINARYMIME");
        } else if (message.shape().eightBit() && extensions.has("8BITMIME")) {
            line.append(" BODY=8BITMIME");
        }
        if (message.needsUtf8()) {
            line.append(" SMTPUTF8");
        }
        if (message.tls() == Handling.Tls.REQUIRED) {
            line.append(" REQUIRETLS"); // RFC 8689 §4.2.1
        }
        Handling handling = parameters.handling();
        if (extensions.has("MT-PRIORITY") && handling.priority() != 0) {
            line.append(" MT-PRIORITY=").append(handling.priority()); // RFC 6710 §4.2
        }
        if (extensions.has("DELIVERBY")) {
            handling.deliverBy().ifPresent(by -> line.append(" BY=").append(by.value(wire.now()))); // RFC 2852 §4: what is left
        }
        if (extensions.has("DSN")) { // RFC 3461 §5.2.1
            parameters.ret().ifPresent(ret -> line.append(" RET=").append(ret));
            parameters.envid().ifPresent(envid -> line.append(" ENVID=").append(Xtext.encode(envid)));
        }
        return line.toString();
    }

    private String rcpt(Recipient recipient) {
        StringBuilder line = new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        if (extensions.has("DSN")) {
            if (!recipient.notifyOn().isEmpty()) {
                line.append(" NOTIFY=").append(recipient.notifyOn().stream().sorted().map(Notify::name).collect(Collectors.joining(",")));
            }
            recipient.originalRecipient().ifPresent(original -> line.append(" ORCPT=").append(typed(original)));
        }
        return line.toString();
    }

    private static String typed(String original) {
        int separator = original.indexOf(';') + 1;
        return original.substring(0, separator) + Xtext.encode(original.substring(separator));
    }
}
