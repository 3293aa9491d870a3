package io.mailserver.smtpclient;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a server said it can, in its answer to EHLO or LHLO (RFC 5321 §4.1.1.1).
 *
 * @param keywords upper case, with their parameters
 */
public record Extensions(Map<String, String> keywords) {
    /** Of a server that knows HELO only. */
    public static final Extensions NONE = new Extensions(Map.of());

    private static final int MAX_KEYWORDS = 200;

    public Extensions {
        keywords = Map.copyOf(keywords);
    }

    static Extensions of(ServerReply reply) {
        Map<String, String> keywords = new HashMap<>();
        for (String line : reply.lines().subList(1, Math.min(reply.lines().size(), MAX_KEYWORDS))) {
            int blank = line.indexOf(' ');
            String keyword = (blank < 0 ? line : line.substring(0, blank)).toUpperCase(Locale.ROOT);
            keywords.putIfAbsent(keyword, blank < 0 ? "" : line.substring(blank + 1).strip());
        }
        return new Extensions(keywords);
    }

    public boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /** The largest message it takes, if it says (RFC 1870 §4; zero means no limit). */
    public OptionalLong maxOctets() {
        String value = keywords.getOrDefault("SIZE", "");
        if (!value.matches("\\d{1,18}") || Long.parseLong(value) == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(value));
    }

    /** The shortest time to deliver in that it takes, in seconds (RFC 2852 §3); 0 where it names none. */
    long minDeliverBy() {
        String value = keywords.getOrDefault("DELIVERBY", "").split("[, ]", 2)[0];
        return value.matches("\\d{1,9}") ? Long.parseLong(value) : 0;
    }

    /** RFC 4954 §3. */
    Set<String> mechanisms() {
        return Set.copyOf(new HashSet<>(List.of(keywords.getOrDefault("AUTH", "").toUpperCase(Locale.ROOT).split(" +"))));
    }
}
