package io.mailserver.returnpath;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.smtp.Address;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Sender Rewriting Scheme: the return address under which mail is forwarded, so that it passes SPF, and notices come back to whoever
 * forwarded it and go on to the sender from there.
 *
 * <p>{@code user@sender.example} forwarded by {@code us.example} becomes {@code SRS0=hash=day=sender.example=user@us.example}. An address
 * that another forwarder wrote, {@code SRS0=xyz@other.example}, becomes {@code SRS1=hash=other.example==xyz@us.example}: two hops back at
 * most, however many there were. In SRS1 our day stands before our hash, as one word that others do not look into. Local parts are
 * written as they came; hashes are made without regard to case, since some servers change it.
 *
 * <p>Safe for use by any thread.
 */
public final class SenderRewriting {
    /** 40 bits: guessed in 35 years at a thousand tries a second, for one address and its lifetime. */
    private static final int HASH_DIGITS = 8;

    private static final int DAY_DIGITS = 2;

    /**
     * The longest path, with its angle brackets (octets, RFC 5321 §4.5.3.1.3). Servers hold to it, where most take local parts beyond the
     * 64 octets of §4.5.3.1.1; our own sessions take all that fit into it, so that notices come back.
     */
    private static final int MAX_PATH = 256;

    private static final Pattern REWRITTEN = Pattern.compile("(?i)SRS(?<kind>[01])[-+=](?<rest>.+)");
    private static final Pattern ZERO = Pattern.compile("(?<hash>[^=]+)=(?<day>[^=]+)=(?<host>[^=]+)=(?<local>.+)");
    private static final Pattern ONE = Pattern.compile("(?<hash>[^=]+)=(?<host>[^=]+)=(?<rest>[-+=].+)");

    private final Seal seal;
    private final Duration lifetime;
    private final Time time;

    /** @param lifetime of return addresses, in whole days, at most 500 */
    public SenderRewriting(Seal seal, Duration lifetime, Time time) {
        this.seal = seal;
        this.lifetime = lifetime;
        this.time = time;
    }

    /** Whether an address looks like one of this scheme, ours or not. */
    public static boolean isRewritten(Address address) {
        return REWRITTEN.matcher(address.localPart()).matches();
    }

    /**
     * The return address for mail of {@code sender} that {@code forwarder} passes on; empty where it would be too long, or the sender's
     * host has no name: such mail goes with the null reverse-path.
     */
    public Optional<Address> forward(Address sender, Domain forwarder) {
        Optional<Domain> domain = sender.domain();
        if (domain.isEmpty()) {
            return Optional.empty();
        }
        String host = domain.get().ascii();
        Matcher before = REWRITTEN.matcher(sender.localPart());
        String local;
        if (!before.matches()) {
            String day = Seal.day(today());
            String rest = host + "=" + sender.localPart();
            local = "SRS0=" + hash("srs0", forwarder, day + rest) + "=" + day + "=" + rest;
        } else if (before.group("kind").equals("0")) {
            // The separator stays, so that the other forwarder gets back what it wrote.
            local = one(forwarder, host + "=" + sender.localPart().substring("SRS0".length()));
        } else {
            Matcher other = ONE.matcher(before.group("rest"));
            local = other.matches() ? one(forwarder, other.group("host") + "=" + other.group("rest")) : "";
        }
        if (local.isEmpty()) {
            return Optional.empty();
        }
        Address address = Address.of(local, forwarder);
        String path = "<" + address + ">";
        return path.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH ? Optional.of(address) : Optional.empty();
    }

    private String one(Domain forwarder, String rest) {
        String day = Seal.day(today());
        return "SRS1=" + day + hash("srs1", forwarder, day + rest) + "=" + rest;
    }

    /** Where a notice for {@code address} goes on to; empty where the address is not one that we made, or made too long ago. */
    public Optional<Address> back(Address address) {
        Matcher rewritten = REWRITTEN.matcher(address.localPart());
        Optional<Domain> forwarder = address.domain();
        if (forwarder.isEmpty() || !rewritten.matches()) {
            return Optional.empty();
        }
        return rewritten.group("kind").equals("0") ? backFromZero(rewritten.group("rest"), forwarder.get())
                : backFromOne(rewritten.group("rest"), forwarder.get());
    }

    private Optional<Address> backFromZero(String written, Domain forwarder) {
        Matcher zero = ZERO.matcher(written);
        if (!zero.matches()) {
            return Optional.empty();
        }
        String rest = zero.group("host") + "=" + zero.group("local");
        return isOurs("srs0", zero.group("hash"), zero.group("day"), rest, forwarder)
                ? Domain.parse(zero.group("host")).map(host -> Address.of(zero.group("local"), host))
                : Optional.empty();
    }

    private Optional<Address> backFromOne(String written, Domain forwarder) {
        Matcher one = ONE.matcher(written);
        if (!one.matches() || one.group("hash").length() != DAY_DIGITS + HASH_DIGITS) {
            return Optional.empty();
        }
        String rest = one.group("host") + "=" + one.group("rest");
        String day = one.group("hash").substring(0, DAY_DIGITS);
        return isOurs("srs1", one.group("hash").substring(DAY_DIGITS), day, rest, forwarder)
                ? Domain.parse(one.group("host")).map(host -> Address.of("SRS0" + one.group("rest"), host))
                : Optional.empty();
    }

    private boolean isOurs(String kind, String hash, String day, String rest, Domain forwarder) {
        int age = Seal.daysSince(day, today());
        String text = text(forwarder, day + rest);
        // The hash first, so that the answer to a wrong one never depends on the day in it.
        return seal.matches(hash, kind, text, HASH_DIGITS) && age >= 0 && age <= lifetime.toDays();
    }

    private String hash(String kind, Domain forwarder, String signed) {
        return seal.of(kind, text(forwarder, signed), HASH_DIGITS);
    }

    private static String text(Domain forwarder, String signed) {
        return forwarder.ascii() + "\0" + signed.toLowerCase(Locale.ROOT);
    }

    private long today() {
        return time.now().getEpochSecond() / Duration.ofDays(1).toSeconds();
    }
}
