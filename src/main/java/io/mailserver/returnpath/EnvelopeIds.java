package io.mailserver.returnpath;

import io.mailserver.base.Time;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ids of envelopes (ENVID, RFC 3461 §4.4) by which a bounce shows that it is one for a message of ours: a server that relays or refuses
 * the message puts the id into its report, and nobody else has seen it. The hash covers the destination, so that the server of one domain
 * cannot speak for the recipients of another.
 *
 * <p>Safe for use by any thread.
 */
public final class EnvelopeIds {
    private static final String PURPOSE = "envid";

    /** 80 bits. */
    private static final int HASH_DIGITS = 16;

    private static final Pattern FORM =
            Pattern.compile("(?<queue>[A-Za-z0-9]{1,20})\\.(?<account>[0-9]{1,18})\\.(?<day>[a-z2-7]{2})\\.(?<hash>[a-z2-7]{16})");

    private final Seal seal;
    private final Duration lifetime;
    private final Time time;

    /** @param lifetime how long bounces are believed, in whole days, at most 500 */
    public EnvelopeIds(Seal seal, Duration lifetime, Time time) {
        this.seal = seal;
        this.lifetime = lifetime;
        this.time = time;
    }

    /**
     * What an id stands for.
     *
     * @param queueId what the queue called the message, such as Q7B
     * @param account the number of the account that sent it
     */
    public record Origin(String queueId, long account) {}

    /** The id under which a message goes to one destination (a domain in lower case). */
    public String of(Origin origin, String destination) {
        String day = Seal.day(today());
        String text = origin.queueId() + "." + origin.account() + "." + day;
        return text + "." + seal.of(PURPOSE, text + "\0" + destination, HASH_DIGITS);
    }

    /** What an id in a report stands for; empty where it is none that we gave to that destination, or too old. */
    public Optional<Origin> read(String id, String destination) {
        Matcher form = FORM.matcher(id);
        if (!form.matches()) {
            return Optional.empty();
        }
        String text = form.group("queue") + "." + form.group("account") + "." + form.group("day");
        boolean genuine = seal.matches(form.group("hash"), PURPOSE, text + "\0" + destination.toLowerCase(Locale.ROOT), HASH_DIGITS);
        int age = Seal.daysSince(form.group("day"), today());
        return genuine && age >= 0 && age <= lifetime.toDays()
                ? Optional.of(new Origin(form.group("queue"), Long.parseLong(form.group("account"))))
                : Optional.empty();
    }

    private long today() {
        return time.now().getEpochSecond() / Duration.ofDays(1).toSeconds();
    }
}
