package io.mailserver.spam;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A link.
 *
 * @param target as written
 * @param text what people see of it; the target itself in plain text
 */
record Link(String target, String text) {
    /** A host name at the start of what people read, with or without a scheme. Bounded repetitions: no backtracking over long text. */
    static final Pattern SHOWN_HOST = Pattern.compile(
            "^\\s{0,10}(?:https?://)?((?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}[\\p{L}]{2,24})(?:[/:?#\\s].{0,500})?$", Pattern.CASE_INSENSITIVE);

    static final Pattern ODD_PORT = Pattern.compile(".{1,255}:\\d{1,5}");

    /** Characters of its text that are looked at. */
    static final int MAX_SHOWN = 600;

    /** No name in the DNS is longer (RFC 1035 §2.3.4), and what is no name leads nowhere. */
    private static final int MAX_HOST = 255;

    /** The target's host, in lower case; empty if it has none. */
    Optional<String> host() {
        return authority().map(authority -> {
            String host = authority.substring(authority.lastIndexOf('@') + 1);
            int port = host.lastIndexOf(':');
            boolean hasPort = port > 0 && host.indexOf(']') < port;
            return (hasPort ? host.substring(0, port) : host).toLowerCase(Locale.ROOT);
        }).filter(host -> !host.isEmpty() && host.length() <= MAX_HOST);
    }

    /** Whether it has a name before the host, which makes {@code https://bank.example@evil.example/} look right. */
    boolean hasUserInfo() {
        return authority().filter(authority -> authority.indexOf('@') > 0).isPresent();
    }

    boolean hasOddPort() {
        return authority().map(authority -> authority.substring(authority.lastIndexOf('@') + 1))
                .filter(host -> ODD_PORT.matcher(host).matches() && !host.endsWith(":80") && !host.endsWith(":443")).isPresent();
    }

    boolean toAddress() {
        return host().filter(host -> host.startsWith("[") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}")).isPresent();
    }

    boolean data() {
        String start = target.strip().toLowerCase(Locale.ROOT);
        return start.startsWith("data:") || start.startsWith("javascript:") || start.startsWith("vbscript:");
    }

    /** The host that its text claims it leads to. */
    Optional<String> shownHost() {
        Matcher matcher = SHOWN_HOST.matcher(text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) : text);
        return matcher.matches() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** Between {@code //} and the next delimiter; {@link URI} refuses much that browsers take. */
    private Optional<String> authority() {
        String url = target.strip();
        try {
            String authority = new URI(url).getRawAuthority();
            if (authority != null) {
                return Optional.of(authority);
            }
        } catch (URISyntaxException e) {
            // Below, as a browser would.
        }
        int slashes = url.indexOf("//");
        if (slashes < 0 || slashes > 10) {
            return Optional.empty();
        }
        int end = slashes + 2;
        while (end < url.length() && "/?#\\ \t\r\n\"<>".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return Optional.of(url.substring(slashes + 2, end));
    }
}
