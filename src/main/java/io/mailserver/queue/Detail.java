package io.mailserver.queue;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.DeliverBy;
import io.mailserver.smtp.FutureRelease;
import io.mailserver.smtp.Handling;
import io.mailserver.smtp.MailParameters;
import io.mailserver.smtp.MailParameters.Body;
import io.mailserver.smtp.MailParameters.Ret;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Recipient.Notify;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The part of a record that the index does not keep, as octets: envelopes and the texts of replies. */
final class Detail {
    private static final int SMTPUTF8 = 1;
    /** Since format 2. */
    private static final int TLS_REQUIRED = 2;

    private static final int TLS_OPTIONAL = 4;
    /** The time of release follows. */
    private static final int RELEASE = 8;

    /** Since format 3: the priority follows. */
    private static final int PRIORITY = 16;
    /** The time by which it is to be delivered follows. */
    private static final int DELIVER_BY = 32;

    private static final int RETURNED = 1;
    private static final int TRACED = 2;

    private static final int NAMED = 1;
    private static final int LITERAL = 2;
    private static final int NO_HOST = 3;

    private Detail() {}

    /**
     * What an added record holds.
     *
     * @param fileCrc the CRC32C of the message's octets where they are in a file of their own, else 0
     * @param replies what each recipient's last attempt got; none for a new message
     */
    record Stored(QueueEnvelope envelope, int fileCrc, List<String> replies) {}

    static byte[] encode(Stored stored) {
        QueueEnvelope envelope = stored.envelope();
        int fileCrc = stored.fileCrc();
        MailParameters parameters = envelope.parameters();
        RecordWriter out = new RecordWriter().number(Integer.toUnsignedLong(fileCrc));
        out.text(envelope.traceId()).text(envelope.account());
        out.octet(envelope.reversePath().isPresent() ? 1 : 0);
        envelope.reversePath().ifPresent(address -> write(out, address));
        out.octet(flags(parameters));
        write(out, parameters.handling());
        out.octet(code(parameters.body()));
        out.octet(parameters.ret().map(ret -> ret == Ret.FULL ? 1 : 2).orElse(0));
        out.text(parameters.envid().orElse(""));
        out.number(envelope.recipients().size());
        for (Recipient recipient : envelope.recipients()) {
            write(out, recipient.address());
            out.octet(bits(recipient.notifyOn()));
            out.text(recipient.originalRecipient().orElse(""));
        }
        out.number(stored.replies().size());
        stored.replies().forEach(out::text);
        return out.toOctets();
    }

    static Stored stored(byte[] octets) throws DamagedRecordException {
        RecordReader in = new RecordReader(octets);
        int fileCrc = (int) in.number();
        String traceId = in.text();
        String account = in.text();
        Optional<Address> reversePath = in.octet() == 0 ? Optional.empty() : Optional.of(address(in));
        int flags = in.octet();
        Handling handling = handling(flags, in);
        Body body = body(in.octet());
        Optional<Ret> ret = switch (in.octet()) {
            case 1 -> Optional.of(Ret.FULL);
            case 2 -> Optional.of(Ret.HDRS);
            default -> Optional.empty();
        };
        Optional<String> envid = present(in.text());
        int count = in.count(QueueEnvelope.MAX_RECIPIENTS);
        if (count == 0) {
            throw new DamagedRecordException("a message for nobody");
        }
        List<Recipient> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Address address = address(in);
            Set<Notify> notifyOn = notifyOn(in.octet());
            recipients.add(new Recipient(address, notifyOn, present(in.text())));
        }
        MailParameters parameters = new MailParameters(
                OptionalLong.empty(), body, (flags & SMTPUTF8) != 0, ret, envid, Optional.empty(), handling);
        int replyCount = in.count(count);
        List<String> replies = new ArrayList<>(replyCount);
        for (int i = 0; i < replyCount; i++) {
            replies.add(in.text());
        }
        return new Stored(new QueueEnvelope(traceId, account, reversePath, parameters, recipients), fileCrc, replies);
    }

    private static void write(RecordWriter out, Handling handling) {
        handling.release().ifPresent(release -> out.number(release.at(Instant.EPOCH).getEpochSecond()));
        if (handling.priority() != 0) {
            out.octet(handling.priority() + Handling.MAX_PRIORITY);
        }
        handling.deliverBy().ifPresent(by -> out.number(by.deadline(Instant.EPOCH).getEpochSecond())
                .octet((by.returned() ? RETURNED : 0) | (by.traced() ? TRACED : 0)));
    }

    private static int flags(MailParameters parameters) {
        int tls = switch (parameters.handling().tls()) {
            case USUAL -> 0;
            case REQUIRED -> TLS_REQUIRED;
            case OPTIONAL -> TLS_OPTIONAL;
        };
        return (parameters.smtputf8() ? SMTPUTF8 : 0) | tls
                | (parameters.handling().release().isPresent() ? RELEASE : 0)
                | (parameters.handling().priority() != 0 ? PRIORITY : 0)
                | (parameters.handling().deliverBy().isPresent() ? DELIVER_BY : 0);
    }

    private static Handling handling(int flags, RecordReader in) throws DamagedRecordException {
        Handling.Tls tls = (flags & TLS_REQUIRED) != 0
                ? Handling.Tls.REQUIRED
                : (flags & TLS_OPTIONAL) != 0 ? Handling.Tls.OPTIONAL : Handling.Tls.USUAL;
        Optional<FutureRelease> release = (flags & RELEASE) != 0
                ? Optional.of(new FutureRelease.Until(Instant.ofEpochSecond(in.number())))
                : Optional.empty();
        int priority = (flags & PRIORITY) != 0 ? priority(in) : 0;
        if ((flags & DELIVER_BY) == 0) {
            return new Handling(tls, release, priority, Optional.empty());
        }
        Instant deadline = Instant.ofEpochSecond(in.number());
        int mode = in.octet();
        return new Handling(
                tls, release, priority, Optional.of(DeliverBy.at(deadline, (mode & RETURNED) != 0, (mode & TRACED) != 0)));
    }

    /** As it is written: from 0 to 18. */
    static int priority(RecordReader in) throws DamagedRecordException {
        int priority = in.octet() - Handling.MAX_PRIORITY;
        if (priority > Handling.MAX_PRIORITY) {
            throw new DamagedRecordException("a priority of " + priority);
        }
        return priority;
    }

    static byte[] encodeReplies(List<RecipientState> states) {
        RecordWriter out = new RecordWriter();
        states.forEach(state -> out.text(state.lastReply()));
        return out.toOctets();
    }

    static List<String> replies(byte[] octets, int count) throws DamagedRecordException {
        RecordReader in = new RecordReader(octets);
        List<String> replies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replies.add(in.text());
        }
        return replies;
    }

    private static void write(RecordWriter out, Address address) {
        switch (address.host()) {
            case Address.Host.Named named -> out.octet(NAMED).text(named.domain().ascii());
            case Address.Host.Literal literal -> out.octet(LITERAL).text(literal.text());
            case Address.Host.None none -> out.octet(NO_HOST).text("");
        }
        out.text(address.localPart());
    }

    private static Address address(RecordReader in) throws DamagedRecordException {
        int kind = in.octet();
        String host = in.text();
        String localPart = in.text();
        return new Address(localPart, switch (kind) {
            case NAMED -> new Address.Host.Named(Domain.parse(host).orElseThrow(() -> new DamagedRecordException("a domain")));
            case LITERAL -> new Address.Host.Literal(host);
            case NO_HOST -> new Address.Host.None();
            default -> throw new DamagedRecordException("a host of kind " + kind);
        });
    }

    private static int code(Body body) {
        return switch (body) {
            case SEVEN_BIT -> 0;
            case EIGHT_BIT_MIME -> 1;
            case BINARY_MIME -> 2;
        };
    }

    private static Body body(int code) {
        return switch (code) {
            case 1 -> Body.EIGHT_BIT_MIME;
            case 2 -> Body.BINARY_MIME;
            default -> Body.SEVEN_BIT;
        };
    }

    private static int bits(Set<Notify> notifyOn) {
        int bits = 0;
        for (Notify one : notifyOn) {
            bits |= bit(one);
        }
        return bits;
    }

    private static Set<Notify> notifyOn(int bits) {
        Set<Notify> set = EnumSet.noneOf(Notify.class);
        for (Notify one : Notify.values()) {
            if ((bits & bit(one)) != 0) {
                set.add(one);
            }
        }
        return set;
    }

    private static int bit(Notify one) {
        return switch (one) {
            case NEVER -> 1;
            case SUCCESS -> 2;
            case FAILURE -> 4;
            case DELAY -> 8;
        };
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
