package io.mailserver.delivery;

import io.mailserver.base.Time;
import io.mailserver.config.ChecksConfig;
import io.mailserver.config.SpamConfig;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import io.mailserver.spam.SpamReport;
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
    public record Settings(String hostname, ChecksConfig checks, SpamConfig spam) {}

    /** Looks at the content of a message, given what is known of its sender. */
    @FunctionalInterface
    public interface ContentCheck {
        /** Looks at nothing. */
        ContentCheck NONE = evidence -> SpamReport.EMPTY;

        /** What it finds. */
        SpamReport look(Evidence evidence) throws IOException;
    }

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
     * @param content asked only where the sender alone does not decide that the message is refused
     * @throws IOException when the message cannot be read, or the calling thread was interrupted
     */
    public Judgement judge(Transaction transaction, HeaderBlock.Split message, long size, ContentCheck content) throws IOException {
        Settings now = settings.get();
        Evidence evidence = examiner.examine(transaction, message, size, now.hostname(), now.checks().timeout());
        Judgement bySender = decide(evidence, now);
        boolean taken = bySender.overall() instanceof Verdict.Accept || bySender.overall() instanceof Verdict.Junk;
        return taken ? decide(evidence.with(content.look(evidence)), now) : bySender;
    }

    private Judgement decide(Evidence evidence, Settings now) {
        Policy policy = new Policy(now.checks(), now.spam());
        List<Judgement.ForRecipient> each = new ArrayList<>();
        for (Address recipient : evidence.transaction().recipients()) {
            each.add(new Judgement.ForRecipient(recipient, policy.decide(evidence, Optional.of(recipient)), ""));
        }
        Verdict overall = each.isEmpty() ? policy.decide(evidence, Optional.empty())
                : overall(each.stream().map(Judgement.ForRecipient::verdict).toList());
        if (overall instanceof Verdict.Accept || overall instanceof Verdict.Junk) {
            each.replaceAll(one -> taken(one, evidence, now));
        }
        return new Judgement(time.now(), evidence, overall, each, DmarcOutcome.of(evidence, overall),
                ResultsField.of(evidence, overall, now.hostname()));
    }

    private static Judgement.ForRecipient taken(Judgement.ForRecipient one, Evidence evidence, Settings now) {
        Verdict verdict = withoutRefusal(one.verdict());
        SpamReport content = evidence.content();
        String status = !content.looked() ? ""
                : SpamText.field(SpamLimits.of(now.spam(), content, Optional.of(one.address())), verdict instanceof Verdict.Junk);
        return new Judgement.ForRecipient(one.address(), verdict, status + content.fields());
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
