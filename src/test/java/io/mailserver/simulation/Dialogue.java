package io.mailserver.simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A conversation with a server as a text file; the form is described in the package's head.
 *
 * @param name of the file
 * @param head the comment at its top: what it shows, and which RFC says so
 * @param steps in order
 */
public record Dialogue(String name, String head, List<Step> steps) {
    private static final Pattern TALK = Pattern.compile("([CS])([0-9]*)([:|~+-]) ?(.*)");

    /** One line of the file. */
    public sealed interface Step {
        /** Its number in the file, from 1. */
        int line();

        /**
         * Send.
         *
         * @param octets with captures still in it, CRLF included where the line has one
         */
        record Send(int line, String client, String octets) implements Step {}

        /** Read one line and compare. */
        record Expect(int line, String client, LinePattern pattern) implements Step {}

        /**
         * Read one whole reply with this code.
         *
         * @param pattern of a line, as it follows code and hyphen or blank
         * @param present whether one of the reply's lines must match, or none
         */
        record ExpectReply(int line, String client, String code, LinePattern pattern, boolean present) implements Step {}

        /**
         * Read on to the answer of a command.
         *
         * @param tag the last line begins with it
         * @param present whether one of the lines must match, or none
         */
        record ExpectAmong(int line, String client, String tag, LinePattern pattern, boolean present) implements Step {}

        /** The server has closed. */
        record ExpectEnd(int line, String client) implements Step {}

        /** The last stored message is exactly these octets. */
        record ExpectStored(int line, String octets) implements Step {}

        /** Something done to the world. */
        record Act(int line, List<String> words) implements Step {}
    }

    /** Reads a file; a line it does not understand is an error with its number. */
    public static Dialogue read(Path file) throws IOException {
        return parse(String.valueOf(file.getFileName()), Files.readString(file, StandardCharsets.UTF_8));
    }

    static Dialogue parse(String name, String text) {
        StringBuilder head = new StringBuilder();
        List<Step> steps = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("#")) {
                if (steps.isEmpty()) {
                    head.append(line.substring(1).strip()).append('\n');
                }
            } else if (!line.isBlank()) {
                steps.add(step(name, number, line));
            }
        }
        return new Dialogue(name, head.toString(), List.copyOf(steps));
    }

    private static Step step(String name, int number, String line) {
        if (line.startsWith("! ")) {
            return new Step.Act(number, List.of(line.substring(2).strip().split(" +")));
        }
        if (line.startsWith("M| ")) {
            return new Step.ExpectStored(number, line.substring(3));
        }
        Matcher talk = TALK.matcher(line);
        if (!talk.matches()) {
            throw new IllegalArgumentException(name + ":" + number + ": not a line of a dialogue: " + line);
        }
        String client = talk.group(2);
        String rest = talk.group(4);
        return switch (talk.group(1) + talk.group(3)) {
            case "C:" -> new Step.Send(number, client, rest.replace("\\", "\\\\") + "\\r\\n");
            case "C|" -> new Step.Send(number, client, rest);
            case "S:" -> rest.equals("(end)")
                    ? new Step.ExpectEnd(number, client)
                    : new Step.Expect(number, client, new LinePattern(rest));
            case "S+", "S-" -> {
                String[] words = rest.split(" ", 2);
                LinePattern pattern = new LinePattern(words.length < 2 ? words[0] + "/ .*/" : words[1]);
                yield new Step.ExpectAmong(number, client, words[0], pattern, talk.group(3).equals("+"));
            }
            case "S~" -> reply(number, client, rest);
            default -> throw new IllegalArgumentException(name + ":" + number + ": not a line of a dialogue: " + line);
        };
    }

    private static Step reply(int number, String client, String rest) {
        String[] words = rest.split(" ", 3);
        boolean present = words.length < 2 || !words[1].equals("lacks");
        return new Step.ExpectReply(number, client, words[0], new LinePattern(words.length < 3 ? "/.*/" : words[2]), present);
    }
}
