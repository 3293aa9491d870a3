package io.mailserver.smtp;

import io.mailserver.smtp.MailParameters.Body;
import io.mailserver.smtp.MailParameters.Ret;
import io.mailserver.smtp.Recipient.Notify;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters behind a path (RFC 5321 §4.1.2, Mail-parameters and Rcpt-parameters), each at most once. */
final class EsmtpParameters {
    /** RFC 3461 §4.4. */
    private static final int MAX_ENVID = 100;

    /** RFC 3461 §4.2. */
    private static final int MAX_ORCPT = 500;

    /** RFC 1870 §3: 20 digits. */
    private static final int MAX_SIZE_DIGITS = 20;

    private final LineCursor line;
    private final Set<String> seen = new HashSet<>(4);
    private String keyword = "";
    private @Nullable String value;

    EsmtpParameters(LineCursor line) {
        this.line = line;
    }

    MailParameters forMail() throws SmtpSyntaxException {
        if (line.atEnd()) {
            return MailParameters.NONE;
        }
        OptionalLong size = OptionalLong.empty();
        Body body = Body.SEVEN_BIT;
        boolean smtputf8 = false;
        Optional<Ret> ret = Optional.empty();
        Optional<String> envid = Optional.empty();
        Optional<String> auth = Optional.empty();
        Handling handling = Handling.USUAL;
        while (next()) {
            switch (keyword) {
                case "SIZE" -> size = OptionalLong.of(size());
                case "BODY" -> body = body();
                case "SMTPUTF8" -> smtputf8 = noValue(); // RFC 6531 §3.4
                case "RET" -> ret = Optional.of(ret());
                case "ENVID" -> envid = Optional.of(xtext(MAX_ENVID));
                case "AUTH" -> auth = Optional.of(xtext(MAX_ORCPT)); // RFC 4954 §5: "<>" is valid xtext
                default -> handling = handling(handling);
            }
        }
        return new MailParameters(size, body, smtputf8, ret, envid, auth, handling);
    }

    private Handling handling(Handling before) throws SmtpSyntaxException {
        return switch (keyword) {
            case "REQUIRETLS" -> {
                noValue(); // RFC 8689 §2
                yield before.with(Handling.Tls.REQUIRED);
            }
            case "HOLDFOR" -> before.with(Optional.of(release(before, FutureRelease.For.parse(value()))));
            case "HOLDUNTIL" -> before.with(Optional.of(release(before, FutureRelease.Until.parse(value()))));
            case "MT-PRIORITY" -> before.with(priority());
            case "BY" -> before.with(DeliverBy.parse(value()).orElseThrow(() -> syntax(
                    "BY must be seconds, a semicolon, and N or R with a T behind it or not; with R more than 0")));
            default -> throw unknown();
        };
    }

    /** RFC 6710 §5: priority-value. */
    private int priority() throws SmtpSyntaxException {
        String text = value();
        if (!text.matches("0|-?[1-9]")) {
            throw syntax("MT-PRIORITY must be a number from -9 to 9");
        }
        return Integer.parseInt(text);
    }

    private FutureRelease release(Handling before, Optional<FutureRelease> parsed) throws SmtpSyntaxException {
        if (before.release().isPresent()) {
            throw syntax("HOLDFOR and HOLDUNTIL exclude each other"); // RFC 4865 §4
        }
        return parsed.orElseThrow(() -> syntax(keyword.equals("HOLDFOR")
                ? "HOLDFOR must be a number of seconds, at most 999999999"
                : "HOLDUNTIL must be a time like 2026-12-24T18:00:00Z"));
    }

    Recipient forRecipient(Address address) throws SmtpSyntaxException {
        if (line.atEnd()) {
            return Recipient.of(address);
        }
        Set<Notify> notifyOn = Set.of();
        Optional<String> original = Optional.empty();
        while (next()) {
            switch (keyword) {
                case "NOTIFY" -> notifyOn = notifyOn();
                case "ORCPT" -> original = Optional.of(originalRecipient());
                default -> throw unknown();
            }
        }
        return new Recipient(address, notifyOn, original);
    }

    /** Moves to the next parameter; false at the end of the line. */
    private boolean next() throws SmtpSyntaxException {
        if (line.atEnd()) {
            return false;
        }
        if (line.peek() != ' ') {
            throw syntax("A blank must stand between the address and each parameter");
        }
        line.skipBlanks();
        if (line.atEnd()) {
            return false; // RFC 5321 §4.1.1: trailing blanks are tolerated
        }
        int start = line.position();
        while (isKeywordCharacter(line.peek())) {
            line.next();
        }
        keyword = line.since(start).toUpperCase(Locale.ROOT);
        if (keyword.isEmpty() || keyword.startsWith("-")) {
            throw syntax("A parameter is not valid");
        }
        value = line.tryChar('=') ? line.until(' ') : null;
        if (!seen.add(keyword)) {
            throw syntax("Parameter " + keyword + " was given twice");
        }
        return true;
    }

    private static boolean isKeywordCharacter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    private String value() throws SmtpSyntaxException {
        String text = value;
        if (text == null || text.isEmpty()) {
            throw syntax("Parameter " + keyword + " needs a value");
        }
        return text;
    }

    private boolean noValue() throws SmtpSyntaxException {
        if (value != null) {
            throw syntax("Parameter " + keyword + " takes no value");
        }
        return true;
    }

    private long size() throws SmtpSyntaxException {
        String digits = value();
        if (digits.length() > MAX_SIZE_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw syntax("SIZE must be a number of octets");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // 20 digits may exceed 63 bits; larger than any limit all the same
        }
    }

    private Body body() throws SmtpSyntaxException {
        return switch (value().toUpperCase(Locale.ROOT)) {
            case "7BIT" -> Body.SEVEN_BIT;
            case "8BITMIME" -> Body.EIGHT_BIT_MIME;
            case "BINARYMIME" -> Body.BINARY_MIME;
            default -> throw syntax("BODY must be 7BIT, 8BITMIME or BINARYMIME");
        };
    }

    private Ret ret() throws SmtpSyntaxException {
        return switch (value().toUpperCase(Locale.ROOT)) {
            case "FULL" -> Ret.FULL;
            case "HDRS" -> Ret.HDRS;
            default -> throw syntax("RET must be FULL or HDRS");
        };
    }

    private Set<Notify> notifyOn() throws SmtpSyntaxException {
        EnumSet<Notify> set = EnumSet.noneOf(Notify.class);
        for (String word : value().split(",", -1)) {
            Notify one = switch (word.toUpperCase(Locale.ROOT)) {
                case "NEVER" -> Notify.NEVER;
                case "SUCCESS" -> Notify.SUCCESS;
                case "FAILURE" -> Notify.FAILURE;
                case "DELAY" -> Notify.DELAY;
                default -> throw syntax("NOTIFY must be NEVER, or some of SUCCESS, FAILURE, DELAY");
            };
            set.add(one);
        }
        if (set.contains(Notify.NEVER) && set.size() > 1) {
            throw syntax("NOTIFY=NEVER stands alone"); // RFC 3461 §4.1
        }
        return set;
    }

    /** {@code addr-type;xtext} (RFC 3461 §4.2). */
    private String originalRecipient() throws SmtpSyntaxException {
        String text = value();
        int separator = text.indexOf(';');
        boolean typeIsAtom = separator > 0 && text.substring(0, separator).chars().allMatch(c -> AddressSyntax.isAtext((char) c));
        if (!typeIsAtom || separator == text.length() - 1) {
            throw syntax("ORCPT must be a type, a semicolon and an address");
        }
        return xtext(MAX_ORCPT);
    }

    private String xtext(int maxOctets) throws SmtpSyntaxException {
        String text = value();
        if (text.length() > maxOctets) {
            throw syntax("Parameter " + keyword + " is longer than " + maxOctets + " octets");
        }
        return Xtext.decode(text).orElseThrow(() -> syntax("Parameter " + keyword + " is not valid xtext"));
    }

    /** RFC 5321 §4.1.1.11. */
    private SmtpSyntaxException unknown() {
        return new SmtpSyntaxException(Reply.of(555, "5.5.4", "Parameter " + keyword + " is not supported"));
    }

    private static SmtpSyntaxException syntax(String text) {
        return new SmtpSyntaxException(Reply.of(501, "5.5.4", text));
    }
}
