package io.mailserver.spam;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a milter wants changed at the end of a message, and what its answers mean. Its fields are checked: it must not break a header. */
final class MilterChanges {
    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,200}");
    private static final int MAX_FIELDS_CHARS = 64 << 10;
    private static final int MAX_TEXT = 400;

    private final StringBuilder fields = new StringBuilder();
    private final List<ScanResult.Removal> removals = new ArrayList<>();
    private Optional<String> quarantine = Optional.empty();

    /** The meaning of an answer that ends the talk; empty for one that lets it go on. */
    static Optional<ScanResult> end(char command, byte[] data) throws IOException {
        return switch (command) {
            case 'c', 'p', 's' -> Optional.empty();
            case 'a' -> Optional.of(new ScanResult.Clean());
            case 'r' -> Optional.of(new ScanResult.Refused("Refused by a filter of this server"));
            case 't' -> Optional.of(new ScanResult.PutOff("a filter of this server wants to see the message again"));
            case 'd' -> Optional.of(new ScanResult.Changed("", List.of(), Optional.of("a filter of this server would discard it")));
            case 'y' -> Optional.of(reply(text(ByteBuffer.wrap(data))));
            case 'f', '4' -> throw new IOException("it does not look at this message");
            case 'h', 'i', 'm', 'q' -> Optional.empty();
            default -> throw new IOException("it answers what it may not (" + (int) command + ")");
        };
    }

    /** {@code 550 5.7.1 text}; the code is ours to choose by its first digit. */
    private static ScanResult reply(String reply) throws IOException {
        String text = reply.replaceFirst("^[45]\\d\\d(?:[ -]\\d\\.\\d{1,3}\\.\\d{1,3})?[ -]?", "").replaceAll("[^\\x20-\\x7e]", "?");
        String shown = text.isBlank() ? "Refused by a filter of this server" : text.substring(0, Math.min(text.length(), MAX_TEXT));
        return switch (reply.isEmpty() ? '5' : reply.charAt(0)) {
            case '4' -> new ScanResult.PutOff(shown);
            case '5' -> new ScanResult.Refused(shown);
            default -> throw new IOException("it answers with a reply that is none");
        };
    }

    /** Takes one change; what is none of ours to do is an error. */
    void add(char command, byte[] data) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(data);
        switch (command) {
            case 'h' -> field(text(in), text(in));
            case 'i' -> {
                index(in); // Where among the others: new ones stand on top here, as all that was added on the way.
                field(text(in), text(in));
            }
            case 'm' -> {
                int index = index(in);
                String name = text(in);
                String value = text(in);
                if (!NAME.matcher(name).matches()) {
                    throw new IOException("it names a field that cannot be");
                }
                removals.add(new ScanResult.Removal(name, Math.max(1, index)));
                if (!value.isEmpty()) {
                    field(name, value);
                }
            }
            case 'q' -> quarantine = Optional.of("a filter of this server: " + text(in).replaceAll("[^\\x20-\\x7e]", "?"));
            default -> {
                // A sign of life.
            }
        }
    }

    private static int index(ByteBuffer in) throws IOException {
        if (in.remaining() < Integer.BYTES) {
            throw new IOException("it sends a change that is cut short");
        }
        return in.getInt();
    }

    private void field(String name, String value) throws IOException {
        String folded = value.replace("\r\n", "\n").replace('\r', ' ').replace("\0", "").stripTrailing().replaceAll("\n(?![ \t])", "\n\t")
                .replaceAll("\n[ \t]*(?=\n)", "").replace("\n", "\r\n");
        if (!NAME.matcher(name).matches() || fields.length() + name.length() + folded.length() > MAX_FIELDS_CHARS) {
            throw new IOException("it adds a field that cannot be");
        }
        fields.append(name).append(folded.startsWith(" ") ? ":" : ": ").append(folded).append("\r\n");
    }

    /** Up to the next NUL. */
    private static String text(ByteBuffer in) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (in.hasRemaining()) {
            byte octet = in.get();
            if (octet == 0) {
                break;
            }
            text.write(octet);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    ScanResult result() {
        boolean nothing = fields.isEmpty() && removals.isEmpty() && quarantine.isEmpty();
        return nothing ? new ScanResult.Clean() : new ScanResult.Changed(fields.toString(), removals, quarantine);
    }
}
