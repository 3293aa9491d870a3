package io.mailserver.smtp;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Every command known here, one line each, with the rules a session enforces before a command's own handler runs. What is not on this
 * table is answered 500.
 */
public enum SmtpVerb {
    EHLO(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.ENDS_GROUP, Rule.IDLE),
    HELO(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.ENDS_GROUP, Rule.IDLE),
    LHLO(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.ENDS_GROUP, Rule.IDLE),
    /** SIZE 26, BODY 17, SMTPUTF8 10, RET and ENVID 115, AUTH 500 octets more (RFC 1870, 3030, 6531, 3461, 4954). */
    MAIL(668, Rule.STARTS_FRESH),
    /** ORCPT 500, NOTIFY 28 octets more (RFC 3461 §4). */
    RCPT(528),
    DATA(0, Rule.BARE, Rule.ENDS_GROUP),
    BDAT(0),
    RSET(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.BARE, Rule.IDLE),
    NOOP(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.IDLE),
    VRFY(0, Rule.IDLE),
    EXPN(0, Rule.IDLE),
    HELP(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.IDLE),
    QUIT(0, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.BARE, Rule.ENDS_GROUP),
    STARTTLS(0, Rule.STARTS_FRESH, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.BARE, Rule.ENDS_GROUP),
    /** RFC 4954 §4: 12,288 octets in all. In plaintext it is refused by its handler, with a reply of its own. */
    AUTH(10_240, Rule.STARTS_FRESH, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.ENDS_GROUP),
    /** Postfix's way for a trusted proxy to say who the client is. */
    XCLIENT(0, Rule.STARTS_FRESH, Rule.BEFORE_HELLO, Rule.BEFORE_TLS, Rule.BEFORE_AUTH, Rule.ENDS_GROUP);

    /** What a session checks from the table. */
    public enum Rule {
        /** Allowed before EHLO, HELO or LHLO (RFC 5321 §4.1.4). All others get 503. */
        BEFORE_HELLO,
        /** Allowed in plaintext where TLS is required (RFC 3207 §4). All others get 530. */
        BEFORE_TLS,
        /** Allowed before AUTH where authentication is required (RFC 4954 §6). All others get 530. */
        BEFORE_AUTH,
        /** Not allowed within a mail transaction (RFC 5321 §4.1.4, RFC 4954 §4). Gets 503 there. */
        STARTS_FRESH,
        /** Takes no argument; one gets 501. */
        BARE,
        /** A client must wait for the answer before it sends more (RFC 2920 §3.1, RFC 3207 §4, RFC 4954 §4). */
        ENDS_GROUP,
        /** Brings no message on: too many in a row count as errors. */
        IDLE
    }

    private final int extraOctets;
    @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type does not say so
    private final Set<Rule> rules;

    SmtpVerb(int extraOctets, Rule... rules) {
        this.extraOctets = extraOctets;
        this.rules = Set.of(rules);
    }

    /** The most that any verb's extensions add to the limit of a command line, in octets. */
    public static final int MAX_EXTRA_OCTETS = 10_240;

    /** Whether {@code rule} holds for this verb. */
    public boolean is(Rule rule) {
        return rules.contains(rule);
    }

    /** What this verb's extensions add to the limit of a command line, in octets. */
    public int extraOctets() {
        return extraOctets;
    }

    /** By its name in any case (RFC 5321 §2.4); empty if not known. */
    public static Optional<SmtpVerb> named(String word) {
        if (word.length() < 4 || word.length() > 8) {
            return Optional.empty();
        }
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "EHLO" -> Optional.of(EHLO);
            case "HELO" -> Optional.of(HELO);
            case "LHLO" -> Optional.of(LHLO);
            case "MAIL" -> Optional.of(MAIL);
            case "RCPT" -> Optional.of(RCPT);
            case "DATA" -> Optional.of(DATA);
            case "BDAT" -> Optional.of(BDAT);
            case "RSET" -> Optional.of(RSET);
            case "NOOP" -> Optional.of(NOOP);
            case "VRFY" -> Optional.of(VRFY);
            case "EXPN" -> Optional.of(EXPN);
            case "HELP" -> Optional.of(HELP);
            case "QUIT" -> Optional.of(QUIT);
            case "STARTTLS" -> Optional.of(STARTTLS);
            case "AUTH" -> Optional.of(AUTH);
            case "XCLIENT" -> Optional.of(XCLIENT);
            default -> Optional.empty();
        };
    }
}
