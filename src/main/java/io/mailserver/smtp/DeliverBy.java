package io.mailserver.smtp;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By when a message is to be delivered, and what happens else (RFC 2852 §4).
 *
 * @param seconds from when the message comes; with {@code deadline} no more than what was asked for
 * @param deadline the time that this is; empty as long as the parameter was only read
 * @param returned mode R: a message that is late goes back; else, mode N, its sender is told of the delay
 * @param traced by-trace T: its sender is told of each server that it is handed on to
 */
public record DeliverBy(long seconds, Optional<Instant> deadline, boolean returned, boolean traced) {
    /** RFC 2852 §4: nine digits. */
    private static final long MAX_SECONDS = 999_999_999;

    private static final Pattern FORM = Pattern.compile("([-+]?[0-9]{1,9});([NRnr])([Tt]?)");

    /** The parameter's value; empty where it is none. A message that must not be late cannot be so already. */
    static Optional<DeliverBy> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        long seconds = Long.parseLong(form.group(1));
        boolean returned = form.group(2).equalsIgnoreCase("R");
        return returned && seconds <= 0
                ? Optional.empty()
                : Optional.of(new DeliverBy(seconds, Optional.empty(), returned, !form.group(3).isEmpty()));
    }

    /** With a deadline. */
    public static DeliverBy at(Instant deadline, boolean returned, boolean traced) {
        return new DeliverBy(0, Optional.of(deadline), returned, traced);
    }

    /** By when it is, of a message that comes {@code now}. */
    public Instant deadline(Instant now) {
        return deadline.orElse(now.plusSeconds(seconds));
    }

    /** This with its deadline, to the second. */
    DeliverBy settled(Instant now) {
        return at(Instant.ofEpochSecond(deadline(now).getEpochSecond()), returned, traced);
    }

    /** What is left of it, for the next server: negative where it is late. */
    public long left(Instant now) {
        return Math.clamp(deadline(now).getEpochSecond() - now.getEpochSecond(), -MAX_SECONDS, MAX_SECONDS);
    }

    /** The parameter's value for the next server (RFC 2852 §4). */
    public String value(Instant now) {
        return left(now) + ";" + (returned ? "R" : "N") + (traced ? "T" : "");
    }
}
