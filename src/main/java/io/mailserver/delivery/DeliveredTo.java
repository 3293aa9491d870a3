package io.mailserver.delivery;

import io.mailserver.base.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The Delivered-To fields of a message: whose mailboxes it was in already. A forwarder elsewhere that sends a user's mail back here
 * makes a loop that these fields show at its second round.
 */
final class DeliveredTo {
    /** A header that is longer is not searched further; its Received fields end a loop at last. */
    private static final int MAX_HEADER_OCTETS = 256 << 10;
    private static final int MAX_FIELDS = 100;
    private static final byte[] NAME = "delivered-to:".getBytes(StandardCharsets.US_ASCII);

    private DeliveredTo() {}

    /** The addresses named, in lower case. */
    static Set<String> addressesIn(Content content) throws IOException {
        Set<String> addresses = new HashSet<>();
        try (InputStream in = content.open()) {
            byte[] header = new byte[(int) Math.min(content.size(), 8 << 10)];
            int filled = in.readNBytes(header, 0, header.length);
            int line = 0;
            while (line < filled && addresses.size() < MAX_FIELDS) {
                int end = endOfLine(header, line, filled);
                if (end == filled && filled == header.length && filled < Math.min(content.size(), MAX_HEADER_OCTETS)) {
                    // The line goes on beyond what was read: read twice as much.
                    header = Arrays.copyOf(header, (int) Math.min(content.size(), 2L * header.length));
                    filled += in.readNBytes(header, filled, header.length - filled);
                    continue;
                }
                if (isBlank(header, line, end)) {
                    break;
                }
                if (startsWithName(header, line, end)) {
                    String value = new String(header, line + NAME.length, end - line - NAME.length, StandardCharsets.UTF_8);
                    addresses.add(value.strip().toLowerCase(Locale.ROOT));
                }
                line = end + 1;
            }
        }
        return addresses;
    }

    private static int endOfLine(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && octets[i] != '\n') {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte[] octets, int from, int to) {
        return from == to || (to - from == 1 && octets[from] == '\r');
    }

    private static boolean startsWithName(byte[] octets, int from, int to) {
        if (to - from < NAME.length) {
            return false;
        }
        for (int i = 0; i < NAME.length; i++) {
            // Upper to lower case; no other octet of the name changes by it.
            int lower = octets[from + i] >= 'A' && octets[from + i] <= 'Z' ? octets[from + i] + 32 : octets[from + i];
            if (lower != NAME[i]) {
                return false;
            }
        }
        return true;
    }
}
