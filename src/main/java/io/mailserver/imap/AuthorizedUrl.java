package io.mailserver.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL that says who may read the message it names (RFC 4467 §3, RFC 5092 §6.1): {@code
 * imap://alice%40example.com@mail.example/INBOX;UIDVALIDITY=3/;UID=20;EXPIRE=2026-12-31T00:00:00Z;URLAUTH=user+bob%40example.com}, and
 * once the server signed it, {@code :INTERNAL:} and the signature behind that.
 *
 * @param rump what is signed: all before the mechanism
 * @param user whose message it is, decoded, in lower case
 * @param message the message, or the part of it
 * @param reader of {@link Access#USER} and {@link Access#SUBMIT}, decoded, in lower case; else empty
 * @param signature empty before the server signed it
 */
public record AuthorizedUrl(
        String rump, String user, ImapUrl message, Optional<Instant> expires, Access access, String reader, Optional<Signature> signature) {
    private static final Pattern FORM = Pattern.compile("(?i)(?<rump>imap://(?<user>[^;@/:\\s]+)(?:;AUTH=[^;@/\\s]+)?@[^/@\\s]+"
            + "(?<path>/\\S+?)"
            + "(?:;EXPIRE=(?<expires>[0-9T:.Z+-]{1,40}))?;URLAUTH=(?<access>submit\\+|user\\+|authuser|anonymous)(?<reader>[^:;\\s]*))"
            + "(?::(?<mechanism>[A-Z0-9.-]{1,32}):(?<token>[0-9A-F]{1,256}))?");

    private static final Pattern TOKEN = Pattern.compile("(?i)(;URLAUTH=[^:\\s]{1,500}:[A-Z0-9.-]{1,32}:)[0-9A-F]+");

    /** Who may use it (RFC 4467 §3). */
    public enum Access {
        /** A server that sends mail, for the user named. */
        SUBMIT,
        /** The user named. */
        USER,
        /** Whoever logged in. */
        AUTHUSER,
        /** Anybody. */
        ANONYMOUS
    }

    /**
     * What makes it valid.
     *
     * @param mechanism in upper case
     * @param token in upper case, hexadecimal; a secret
     */
    public record Signature(String mechanism, String token) {
        /** Says nothing of the token. */
        @Override
        public String toString() {
            return mechanism;
        }
    }

    /** Reads a URL; empty where it is none of this kind. */
    public static Optional<AuthorizedUrl> parse(String text) {
        Matcher url = FORM.matcher(text);
        if (!url.matches()) {
            return Optional.empty();
        }
        Access access = access(url.group("access"));
        Optional<String> user = ImapUrl.decode(url.group("user"));
        Optional<String> reader = ImapUrl.decode(url.group("reader"));
        Optional<ImapUrl> message = ImapUrl.parse(url.group("path"));
        boolean named = access == Access.USER || access == Access.SUBMIT;
        if (user.isEmpty() || reader.isEmpty() || message.isEmpty() || named == reader.get().isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<Instant> expires =
                    Optional.ofNullable(url.group("expires")).map(time -> OffsetDateTime.parse(time.toUpperCase(Locale.ROOT)).toInstant());
            Optional<Signature> signature = Optional.ofNullable(url.group("mechanism"))
                    .map(mechanism -> new Signature(mechanism.toUpperCase(Locale.ROOT), url.group("token").toUpperCase(Locale.ROOT)));
            return Optional.of(new AuthorizedUrl(
                    url.group("rump"), lower(user.get()), message.get(), expires, access, lower(reader.get()), signature));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A line of a dialogue without the tokens in it, which are secrets. */
    public static String withoutTokens(String line) {
        return line.indexOf(':') < 0 ? line : TOKEN.matcher(line).replaceAll("$1...");
    }

    private static Access access(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "submit+" -> Access.SUBMIT;
            case "user+" -> Access.USER;
            case "authuser" -> Access.AUTHUSER;
            default -> Access.ANONYMOUS;
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
