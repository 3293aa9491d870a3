package io.mailserver.bench;

import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What messages of the spam corpus say, put together from {@code bench/spam/texts}: sections {@code [ham personal]} and
 * {@code [spam phishing]}, in them {@code subject:}, {@code from:} and {@code open:} lines, of which one is taken, and other lines, of
 * which some are taken in any order. {@code {a|b}} is one of several, {@code #} a number, {@code $sum}, {@code $name}, {@code $day} vary.
 */
final class SpamTexts {
    private static final Path FILE = Path.of("bench/spam/texts");
    private static final Pattern CHOICE = Pattern.compile("\\{([^{}]*)}");
    private static final String[] NAMES = {"Anna", "Ben", "Clara", "Tom", "Lena", "Paul", "Sophie", "Marc", "Julia", "Max", "Nina", "Luis"};
    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "3 December", "12.12.", "next week"};

    private final Random random;
    private final List<Section> ham = new ArrayList<>();
    private final List<Section> spam = new ArrayList<>();
    private final List<String> filler = new ArrayList<>();

    /** What one message says. */
    record Text(String kind, String sender, String subject, String body) {}

    private record Section(String kind, Map<String, List<String>> lines) {
        List<String> of(String what) {
            return lines.getOrDefault(what, List.of(""));
        }
    }

    SpamTexts(Random random) {
        this.random = random;
        try {
            read(Files.readAllLines(FILE, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new OperatorException("cannot read " + FILE, "start it in the project's folder: ./dev bench spam", e);
        }
    }

    private void read(List<String> lines) {
        Section section = new Section("", new LinkedHashMap<>());
        for (String line : lines) {
            if (line.startsWith("[")) {
                String[] words = line.substring(1, line.length() - 1).split(" ", 3);
                section = new Section(words[1], new LinkedHashMap<>());
                (words[0].equals("spam") ? spam : ham).add(section);
            } else if (!line.isBlank() && !line.startsWith("//")) {
                int colon = line.indexOf(": ");
                boolean named = colon > 0 && colon < 8 && line.substring(0, colon).matches("subject|from|open|close");
                String what = named ? line.substring(0, colon) : "line";
                section.lines().computeIfAbsent(what, key -> new ArrayList<>()).add(named ? line.substring(colon + 2) : line);
            }
        }
        ham.forEach(each -> filler.addAll(each.of("line")));
    }

    Text ham(int number) {
        return text(ham.get(number % ham.size()));
    }

    Text spam(int number) {
        return text(spam.get(number % spam.size()));
    }

    /** Words of honest mail, as junk has at its end to look like it. */
    String filler() {
        return filled(one(filler)) + ' ' + filled(one(filler));
    }

    private Text text(Section section) {
        List<String> lines = new ArrayList<>(section.of("line"));
        int wanted = Math.min(lines.size(), 2 + random.nextInt(4));
        StringBuilder body = new StringBuilder(filled(one(section.of("open")))).append("\n\n");
        for (int i = 0; i < wanted; i++) {
            body.append(filled(lines.remove(random.nextInt(lines.size())))).append(random.nextInt(3) == 0 ? "\n\n" : " ");
        }
        body.append("\n\n").append(filled(one(section.of("close"))));
        return new Text(section.kind(), filled(one(section.of("from"))), filled(one(section.of("subject"))), body.toString().strip());
    }

    private String filled(String line) {
        String text = line;
        Matcher choice = CHOICE.matcher(text);
        while (choice.find()) {
            String[] all = choice.group(1).split("\\|", -1);
            text = text.substring(0, choice.start()) + all[random.nextInt(all.length)] + text.substring(choice.end());
            choice = CHOICE.matcher(text);
        }
        text = text.replace("$name", NAMES[random.nextInt(NAMES.length)]).replace("$day", DAYS[random.nextInt(DAYS.length)])
                .replace("$sum", String.valueOf((1 + random.nextInt(97)) * 10 + random.nextInt(10)) + (random.nextBoolean() ? ".00" : ""));
        StringBuilder numbered = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            numbered.append(c == '#' ? String.valueOf(1 + random.nextInt(9_999)) : String.valueOf(c));
        }
        return numbered.toString();
    }

    private String one(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
