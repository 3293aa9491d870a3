package io.mailserver.delivery;

import io.mailserver.account.Resolution;
import io.mailserver.account.SendingLimits;
import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.Recipient;
import io.mailserver.smtp.Reply;
import io.mailserver.submission.FixUps;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one of our users hands in (RFC 6409): whether it may go as it is, what is added to it, who of its recipients gets it by way of
 * the queue, and whether its account may send so much. Writes nothing.
 *
 * <p>Safe for use by any thread; blocks for the database and for what looks at the message's text.
 */
final class Submission {
    private final Senders senders;
    private final Intake.Checks checks;
    private final Optional<Intake.Sending> sending;
    private final Supplier<Intake.Settings> settings;
    private final Time time;

    Submission(
            Senders senders, Intake.Checks checks, Optional<Intake.Sending> sending, Supplier<Intake.Settings> settings, Time time) {
        this.senders = senders;
        this.checks = checks;
        this.sending = sending;
        this.settings = settings;
        this.time = time;
    }

    /**
     * A message of a user, ready to be stored and sent, or refused.
     *
     * @param refusal why it is not taken; then the rest means nothing
     * @param content completed, without signatures
     * @param here recipients whose mailboxes get it at once
     * @param resolutions of those, in their order
     * @param elsewhere recipients who get it by way of the queue
     * @param share what it takes of the account's day; to be given back where the message is not stored after all
     */
    record Prepared(Optional<Decision.Refuse> refusal, Content content, List<Recipient> here, List<Resolution> resolutions,
            List<Recipient> elsewhere, Outbound.Share share) {}

    /** @param envelope of a client that has logged in */
    Prepared prepare(Envelope envelope, HeaderBlock header, Content content, MessageFacts facts) throws IOException {
        String account = envelope.client().authenticated().orElseThrow();
        Optional<Decision.Refuse> refusal = senders.refusalOfAuthor(header, account);
        if (refusal.isPresent()) {
            return new Prepared(refusal, content, List.of(), List.of(), List.of(), Outbound.Share.UNLIMITED);
        }
        Content complete = complete(envelope, header, content, account);
        boolean held = checks.holds(account);
        List<Recipient> here = new ArrayList<>();
        List<Resolution> resolutions = new ArrayList<>();
        List<Recipient> elsewhere = new ArrayList<>();
        for (int i = 0; i < facts.resolutions().size(); i++) {
            Recipient recipient = envelope.recipients().get(i);
            if (sending.isEmpty() || (facts.resolutions().get(i) instanceof Resolution.Local && !goesByQueue(envelope, recipient, held))) {
                here.add(recipient);
                resolutions.add(facts.resolutions().get(i));
            } else {
                elsewhere.add(recipient);
            }
        }
        Outbound.Share share = elsewhere.isEmpty()
                ? Outbound.Share.UNLIMITED
                : sending.orElseThrow().outbound().reserve(account, elsewhere.stream().map(Recipient::address).toList());
        return new Prepared(refusal(envelope, complete, share), complete, here, resolutions, elsewhere, share);
    }

    private Content complete(Envelope envelope, HeaderBlock header, Content content, String account) throws IOException {
        Content kept = WithoutImpostors.of(header, content, envelope.client(), settings.get().hostname(), List.of());
        FixUps.Known known = new FixUps.Known(envelope.reversePath(), senders.sender(header, account), envelope.messageId(),
                settings.get().hostname(), time.now());
        return FixUps.of(kept.equals(content) ? header : headerOf(kept), kept, known);
    }

    private static HeaderBlock headerOf(Content content) throws IOException {
        try (InputStream octets = content.open()) {
            return HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS).header();
        }
    }

    /** The limits first: the other look remembers whom the account has written to. What is refused takes nothing of the day. */
    private Optional<Decision.Refuse> refusal(Envelope envelope, Content content, Outbound.Share share) throws IOException {
        if (share.refusal().isPresent()) {
            return share.refusal().map(Submission::exhausted);
        }
        boolean wanted = false;
        try {
            Optional<Decision.Refuse> refused = checks.refuseSubmitted(envelope, content);
            wanted = refused.isEmpty();
            return refused;
        } finally {
            if (!wanted) {
                share.giveBack();
            }
        }
    }

    private static Decision.Refuse exhausted(SendingLimits.Refusal limit) {
        String most = "your limit of " + limit.limit() + " " + limit.what() + " within 24 hours";
        return limit.until().isPresent()
                ? new Decision.Refuse(Reply.of(452, "4.7.1", "You reached " + most + "; go on after " + limit.until().get()),
                        "day-exhausted")
                : new Decision.Refuse(Reply.of(550, "5.7.1", "This is more than " + most + "; send it to fewer at a time"),
                        "more-than-a-day");
    }

    /** What waits for its time (RFC 4865) or is held waits in the queue, which delivers here too and tells of success (RFC 3461 §6.2). */
    private static boolean goesByQueue(Envelope envelope, Recipient recipient, boolean held) {
        boolean receipt = envelope.reversePath().isPresent() && recipient.notifyOn().contains(Recipient.Notify.SUCCESS);
        return receipt || held || envelope.parameters().handling().release().isPresent();
    }
}
