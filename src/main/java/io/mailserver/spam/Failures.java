package io.mailserver.spam;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each rule, list or program was left out because it failed or was late; counted by any thread. */
public final class Failures {
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    /** @param check its name: one of few, never text of a message */
    void count(String check) {
        counts.computeIfAbsent(check, name -> new LongAdder()).increment();
    }

    /** By name of the check. */
    public Map<String, Long> counts() {
        Map<String, Long> now = new TreeMap<>();
        counts.forEach((check, count) -> now.put(check, count.sum()));
        return now;
    }
}
