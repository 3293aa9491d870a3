package io.mailserver.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Octets written as text: UTF-8, with {@code \r \n \t \0 \\}, {@code \xHH}, and <code>\{1000:text}</code> for a text a thousand times.
 */
final class Octets {
    private Octets() {}

    static byte[] parse(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '\\') {
                int point = text.codePointAt(i);
                octets.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
            } else if (text.charAt(i + 1) == 'x') {
                octets.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 4;
            } else if (text.charAt(i + 1) == '{') {
                int colon = text.indexOf(':', i);
                int end = text.indexOf('}', colon);
                byte[] repeated = parse(text.substring(colon + 1, end));
                for (int n = Integer.parseInt(text.substring(i + 2, colon)); n > 0; n--) {
                    octets.writeBytes(repeated);
                }
                i = end + 1;
            } else {
                octets.write(switch (text.charAt(i + 1)) {
                    case 'r' -> '\r';
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case '0' -> 0;
                    case '\\' -> '\\';
                    default -> throw new IllegalArgumentException("unknown escape in: " + text);
                });
                i += 2;
            }
        }
        return octets.toByteArray();
    }

    /** The octets as one line of text that {@link #parse} reads back. */
    static String show(byte[] octets) {
        StringBuilder text = new StringBuilder();
        for (byte octet : octets) {
            switch (octet) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (octet >= ' ' && octet < 0x7f) {
                        text.append((char) octet);
                    } else {
                        text.append(String.format("\\x%02x", octet & 0xff));
                    }
                }
            }
        }
        return text.toString();
    }
}
