package io.mailserver.imap;

import java.util.Optional;

/**
 * The announcement of a literal at the end of a line: {@code {5}}, {@code {5+}}, <code>~{5}</code> (RFC 9051 §4.3, RFC 7888 §3). In no
 * valid command does a line end like that for another reason.
 *
 * @param synchronizing whether the client waits to be asked for it
 * @param binary whether it is a literal8
 */
record Announcement(long octets, boolean synchronizing, boolean binary) {
    /** 18 digits always fit a long; what is larger is refused as too large in any case. */
    private static final int MAX_DIGITS = 18;

    static Optional<Announcement> atEnd(byte[] line, int length) {
        int at = length - 1;
        if (at < 2 || line[at] != '}') {
            return Optional.empty();
        }
        at--;
        boolean synchronizing = line[at] != '+';
        if (!synchronizing) {
            at--;
        }
        int lastDigit = at;
        while (at >= 0 && line[at] >= '0' && line[at] <= '9') {
            at--;
        }
        int digits = lastDigit - at;
        if (digits == 0 || at < 0 || line[at] != '{') {
            return Optional.empty();
        }
        boolean binary = at > 0 && line[at - 1] == '~';
        long octets = 0;
        for (int i = at + 1; i <= lastDigit && digits <= MAX_DIGITS; i++) {
            octets = 10 * octets + (line[i] - '0');
        }
        return Optional.of(new Announcement(digits > MAX_DIGITS ? Long.MAX_VALUE : octets, synchronizing, binary));
    }
}
