package io.mailserver.smtpclient;

import io.mailserver.smtp.EnhancedStatus;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another server said (RFC 5321 §4.2). Holds no controls, whatever came in.
 *
 * @param code 200 to 599
 * @param lines the texts behind the codes, one or more
 */
public record ServerReply(int code, List<String> lines) {
    private static final Pattern STATUS = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?: |$).*");

    public ServerReply {
        lines = List.copyOf(lines);
    }

    /** The enhanced status in front of the text (RFC 2034 §4), where there is one that goes with the code. */
    public Optional<EnhancedStatus> status() {
        Matcher matcher = STATUS.matcher(lines.getFirst());
        if (!matcher.matches() || matcher.group(1).charAt(0) - '0' != code / 100) {
            return Optional.empty();
        }
        return Optional.of(new EnhancedStatus(
                code / 100, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))));
    }

    /** 2xx. */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /** 5xx. */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /** In one line, such as {@code 550 5.1.1 No such user}. */
    @Override
    public String toString() {
        return code + " " + String.join(" ", lines);
    }
}
