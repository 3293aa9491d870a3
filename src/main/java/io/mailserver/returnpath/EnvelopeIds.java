package io.mailserver.returnpath;

import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ids of envelopes (ENVID, RFC 3461 §4.4) by which a bounce shows that it is one for a message of ours: a server that relays or refuses
 * the message puts the id into its report, and only servers on the way of the message have seen it. It holds a keyed hash for each
 * recipient of the transaction, so that whoever knows an id can speak for the addresses that the message went to with it and for no others.
 *
 * <p>Safe for use by any thread.
 */
public final class EnvelopeIds {
    private static final String PURPOSE = "envid";

    /** RFC 3461 §4.4: octets of an id. */
    private static final int MAX_ID = 100;

    /** 60 bits. */
    private static final int HASH_DIGITS = 12;

    private static final Pattern FORM = Pattern.compile(
            "(?<message>[A-Za-z0-9-]{1,64})\\.(?<account>[0-9]{1,18})\\.(?<day>[a-z2-7]{2})\\.(?<hashes>(?:[a-z2-7]{12}){1,8})");

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
     * @param message the id of the transaction in which it was submitted, as logs and Received show it
     * @param account the number of the account that sent it
     */
    public record Origin(String message, long account) {}

    /** The id under which a message goes to these recipients; empty where they are too many for one, about four. */
    public Optional<String> of(Origin origin, List<Address> recipients) {
        String text = origin.message() + "." + origin.account() + "." + Seal.day(today());
        StringBuilder id = new StringBuilder(MAX_ID).append(text).append('.');
        if (id.length() + recipients.size() * HASH_DIGITS > MAX_ID) {
            return Optional.empty();
        }
        recipients.forEach(recipient -> id.append(seal.of(PURPOSE, signed(text, recipient), HASH_DIGITS)));
        return FORM.matcher(id).matches() ? Optional.of(id.toString()) : Optional.empty();
    }

    /** What an id in a report on a recipient stands for; empty where it is none that we gave a message to it, or too old. */
    public Optional<Origin> read(String id, Address recipient) {
        Matcher form = FORM.matcher(id);
        if (!form.matches()) {
            return Optional.empty();
        }
        String text = form.group("message") + "." + form.group("account") + "." + form.group("day");
        String hashes = form.group("hashes");
        boolean genuine = false;
        for (int at = 0; at < hashes.length(); at += HASH_DIGITS) {
            genuine |= seal.matches(hashes.substring(at, at + HASH_DIGITS), PURPOSE, signed(text, recipient), HASH_DIGITS);
        }
        int age = Seal.daysSince(form.group("day"), today());
        return genuine && age >= 0 && age <= lifetime.toDays()
                ? Optional.of(new Origin(form.group("message"), Long.parseLong(form.group("account"))))
                : Optional.empty();
    }

    /** Servers on the way may change the case of an address. */
    private static String signed(String text, Address recipient) {
        return text + "\0" + recipient.toString().toLowerCase(Locale.ROOT);
    }

    private long today() {
        return time.now().getEpochSecond() / Duration.ofDays(1).toSeconds();
    }
}
