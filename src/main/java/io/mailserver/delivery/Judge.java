package io.mailserver.delivery;

import io.mailserver.base.Time;
import io.mailserver.config.ChecksConfig;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Judges messages of strangers: evidence by the {@link Examiner}, verdicts by the {@link Policy}. Also what {@code check message} shows.
 *
 * <p>Safe for use by any thread.
 */
public final class Judge {
    private final Examiner examiner;
    private final Supplier<Settings> settings;
    private final Time time;

    /**
     * @param hostname of this server, the authserv-id of its results (RFC 8601 §2.5)
     */
    public record Settings(String hostname, ChecksConfig checks) {}

    /** @param settings asked at each use, so that a reload takes effect at once */
    public Judge(Examiner examiner, Supplier<Settings> settings, Time time) {
        this.examiner = examiner;
        this.settings = settings;
        this.time = time;
    }

    /**
     * Judges a message. Blocks for the DNS, within {@code checks.timeout}.
     *
     * @param message read to its end; closed by the caller
     * @param size of the whole message in octets
     * @throws IOException when the message cannot be read, or the calling thread was interrupted
     */
    public Judgement judge(Transaction transaction, HeaderBlock.Split message, long size) throws IOException {
        Settings now = settings.get();
        Evidence evidence = examiner.examine(transaction, message, size, now.hostname(), now.checks().timeout());
        return decide(evidence, now);
    }

    private Judgement decide(Evidence evidence, Settings now) {
        Policy policy = new Policy(now.checks());
        List<Judgement.ForRecipient> each = new ArrayList<>();
        for (Address recipient : evidence.transaction().recipients()) {
            each.add(new Judgement.ForRecipient(recipient, policy.decide(evidence, Optional.of(recipient))));
        }
        Verdict overall = each.isEmpty() ? policy.decide(evidence, Optional.empty())
                : overall(each.stream().map(Judgement.ForRecipient::verdict).toList());
        if (overall instanceof Verdict.Accept || overall instanceof Verdict.Junk) {
            each.replaceAll(one -> new Judgement.ForRecipient(one.address(), withoutRefusal(one.verdict())));
        }
        return new Judgement(time.now(), evidence, overall, each, DmarcOutcome.of(evidence, overall),
                ResultsField.of(evidence, overall, now.hostname()));
    }

    /**
     * One answer for all recipients: put off if it is for anybody, as the sender's next try loses nothing; refused if it is for all;
     * else taken, the mildest first.
     */
    static Verdict overall(List<Verdict> verdicts) {
        return first(verdicts, Verdict.Defer.class).or(() -> first(verdicts, Verdict.Accept.class))
                .or(() -> first(verdicts, Verdict.Junk.class)).orElseGet(verdicts::getFirst);
    }

    private static Optional<Verdict> first(List<Verdict> verdicts, Class<? extends Verdict> kind) {
        return verdicts.stream().filter(kind::isInstance).findFirst();
    }

    /** Who would have refused what others take gets it in Junk: after DATA there is no other way to say no for one of several. */
    private static Verdict withoutRefusal(Verdict verdict) {
        return verdict instanceof Verdict.Reject reject
                ? new Verdict.Junk(reject.rule(), reject.reason() + "; not refused because other recipients take it") : verdict;
    }
}
