package io.mailserver.simulation;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.dns.Zone;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A resolver that knows what its text says, in the format of {@link Zone}, and remembers what it was asked. Names that time out do so
 * at once. The text may be replaced or added to while others ask.
 */
public final class ZoneText implements Resolver {
    private final CopyOnWriteArrayList<String> asked = new CopyOnWriteArrayList<>();
    private volatile String text;
    private volatile Zone zone;

    public ZoneText(String text) {
        this.text = text;
        this.zone = Zone.parse(text);
    }

    @Override
    public <R extends Rdata> Answer<R> resolve(DnsName name, RecordType<R> type, Duration within) {
        asked.add(name + " " + type);
        return within.isPositive() ? zone.lookup(name, type) : new Answer.TimedOut<>();
    }

    /** Replaces everything. */
    public synchronized void set(String newText) {
        zone = Zone.parse(newText);
        text = newText;
    }

    /** Adds lines. */
    public synchronized void add(String lines) {
        set(text + "\n" + lines);
    }

    /** The questions so far, such as {@code example.com MX}, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** The zone as it is now, for a {@code ZoneServer}. */
    public Zone zone() {
        return zone;
    }
}
