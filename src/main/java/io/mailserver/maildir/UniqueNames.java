package io.mailserver.maildir;

import io.mailserver.base.Time;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes unique parts of Maildir names: time, process, counter and host, as Maildir asks. The counter starts anywhere, so that not even
 * a process with the same number (there is only number 1 in many containers) under a clock that was set back repeats a name; a
 * repeated name would replace a message.
 *
 * <p>Safe for use by any thread.
 */
public final class UniqueNames {
    private static final int MAX_HOST_OCTETS = 100;

    private final Time time;
    private final String process;
    private final String host;
    private final AtomicLong counter;

    /**
     * @param host this machine's name
     * @param processId its number
     * @param start where the counter starts; random
     */
    public UniqueNames(Time time, String host, long processId, int start) {
        this.time = time;
        this.process = "P" + processId + "Q";
        this.host = escape(host);
        this.counter = new AtomicLong(start & 0x7fff_ffffL);
    }

    /** A name that no other message has. */
    String next() {
        Instant now = time.now();
        return now.getEpochSecond() + ".M" + now.getNano() / 1000 + process + counter.incrementAndGet() + "." + host;
    }

    /** As Maildir's author asks for slash and colon; also for what else would break a name or its reader. */
    private static String escape(String host) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < host.length() && escaped.length() < MAX_HOST_OCTETS; i++) {
            char c = host.charAt(i);
            switch (c) {
                case '/' -> escaped.append("\\057");
                case ':' -> escaped.append("\\072");
                case ',' -> escaped.append("\\054");
                default -> escaped.append(c > ' ' && c < 0x7f ? c : '_');
            }
        }
        return escaped.isEmpty() ? "localhost" : escaped.toString();
    }
}
