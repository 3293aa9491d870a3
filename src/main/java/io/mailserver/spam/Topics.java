package io.mailserver.spam;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts how many different phrases of each topic a text has. Immutable. */
final class Topics {
    /** The beginning tells what a text is about. */
    private static final int MAX_CHARS = 60_000;

    private final List<Topic> topicOf = new ArrayList<>();
    private final Phrases phrases;

    Topics() {
        List<String> all = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            for (String phrase : topic.phrases()) {
                all.add(phrase);
                topicOf.add(topic);
            }
        }
        this.phrases = new Phrases(all);
    }

    Map<Topic, Integer> in(String text) {
        BitSet found = phrases.in(text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text);
        Map<Topic, Integer> counts = new EnumMap<>(Topic.class);
        found.stream().forEach(number -> counts.merge(topicOf.get(number), 1, Integer::sum));
        return counts;
    }
}
