package io.mailserver.bench;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * A message with its number in the Message-ID, ready for the wire: CRLF, dot-stuffed, with the final dot. The number is written into
 * the octets in place, so sending costs no formatting and no garbage. One per session; not thread-safe.
 */
final class NumberedMessage {
    private static final int DIGITS = 10;
    private static final String LINE = "The quick brown fox jumps over the lazy dog, and the dog files a bug about it.\r\n";

    private final byte[] octets;
    private final int digitsAt;

    /**
     * @param run the mark of the run
     * @param size the size of the message in octets, without the final dot; at least 512
     */
    NumberedMessage(String run, int size) {
        this(run, size, message -> "");
    }

    /** @param onTop makes what stands above the message, such as a signature that leaves out the Message-ID */
    NumberedMessage(String run, int size, UnaryOperator<String> onTop) {
        this(run, size, "sender@bench.example", onTop);
    }

    /** @param author the address in From */
    NumberedMessage(String run, int size, String author, UnaryOperator<String> onTop) {
        StringBuilder text = new StringBuilder(size + 16);
        text.append("Message-ID: <");
        int digits = text.length();
        text.append("0".repeat(DIGITS)).append('.').append(run).append("@bench.example>\r\n")
                .append("Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n")
                .append("From: Bench <").append(author).append(">\r\n")
                .append("To: user@bench.test\r\n")
                .append("Subject: a message of ").append(size).append(" octets\r\n")
                .append("MIME-Version: 1.0\r\n")
                .append("Content-Type: text/plain; charset=us-ascii\r\n\r\n");
        while (text.length() + LINE.length() <= size - 2) {
            text.append(LINE);
        }
        text.append("x".repeat(size - 2 - text.length())).append("\r\n");
        String top = onTop.apply(text.toString());
        digitsAt = top.length() + digits;
        octets = text.insert(0, top).append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The octets for the wire, with {@code number} in place. The same array each time. */
    byte[] numbered(int number) {
        int rest = number;
        for (int at = digitsAt + DIGITS - 1; at >= digitsAt; at--) {
            octets[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return octets;
    }
}
