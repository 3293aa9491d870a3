package io.mailserver.spam;

import io.mailserver.base.Time;
import io.mailserver.config.NamePattern;
import io.mailserver.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The operator's own file of senders nobody wants: one domain, address or network a line; {@code #} begins a comment. Read again when
 * the file changes; lines that are none of these are left out, and {@link #problem} names the first.
 *
 * <p>Safe for use by any thread.
 */
final class Blocklist {
    /** Enough for 200,000 domains. */
    private static final long MAX_OCTETS = 8 << 20;

    private static final FileTime NEVER = FileTime.fromMillis(Long.MIN_VALUE);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final Path file;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Entries entries = new Entries(List.of(), List.of(), Optional.empty());
    /** Guarded by {@link #lock}. */
    private FileTime modified = NEVER;
    private volatile long lookedNanos;
    private volatile boolean looked;

    Blocklist(Path file, Time time) {
        this.file = file;
        this.time = time;
    }

    private record Entries(List<Network> networks, List<NamePattern> names, Optional<String> problem) {}

    /** What is wrong with the file, for the operator. */
    Optional<String> problem() {
        return entries.problem();
    }

    /**
     * The first entry that means the client or one of the names.
     *
     * @param names addresses and domains
     */
    Optional<String> match(InetAddress client, Collection<String> names) {
        refresh();
        Entries now = entries;
        Optional<String> network = now.networks().stream().filter(each -> each.contains(client)).map(Network::toString).findFirst();
        return network.or(() -> now.names().stream()
                .filter(pattern -> names.stream().anyMatch(name -> pattern.matchesAddress(name) || pattern.matchesName(name)))
                .map(NamePattern::text).findFirst());
    }

    private void refresh() {
        if ((looked && time.nanos() - lookedNanos < LOOK_AGAIN.toNanos()) || !lock.tryLock()) {
            return;
        }
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(modified)) {
                entries = read();
                modified = now;
            }
        } catch (IOException e) {
            entries = new Entries(List.of(), List.of(), Optional.of(file + " cannot be read: " + e.getMessage()));
            modified = NEVER; // It may come back as it was.
        } finally {
            lookedNanos = time.nanos();
            looked = true;
            lock.unlock();
        }
    }

    private Entries read() throws IOException {
        if (Files.size(file) > MAX_OCTETS) {
            return new Entries(List.of(), List.of(), Optional.of(file + " is larger than " + MAX_OCTETS + " octets"));
        }
        List<Network> networks = new ArrayList<>();
        List<NamePattern> names = new ArrayList<>();
        Optional<String> problem = Optional.empty();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
            String entry = line.split("#", 2)[0].strip();
            Optional<Network> network = entry.isEmpty() ? Optional.empty() : Network.parse(entry);
            Optional<NamePattern> name = entry.isEmpty() || network.isPresent() ? Optional.empty() : NamePattern.parse(entry);
            network.ifPresent(networks::add);
            name.ifPresent(names::add);
            if (!entry.isEmpty() && network.isEmpty() && name.isEmpty() && problem.isEmpty()) {
                problem = Optional.of(file + " has a line that is no domain, address or network: " + entry);
            }
        }
        return new Entries(List.copyOf(networks), List.copyOf(names), problem);
    }
}
