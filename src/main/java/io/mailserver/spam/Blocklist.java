package io.mailserver.spam;

import io.mailserver.base.Time;
import io.mailserver.config.NamePattern;
import io.mailserver.config.NamePatterns;
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
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The operator's own file of senders nobody wants: one domain, address or network a line; {@code #} begins a comment. Read again when
 * the file changes; lines that are none of these are left out, and {@link #problem} names the first.
 *
 * <p>A look-up hashes the client's networks and the names with the domains above them: its time does not grow with the file, but for the
 * few lines that may have asterisks.
 *
 * <p>Safe for use by any thread.
 */
final class Blocklist {
    /** Enough for 200,000 domains. */
    private static final long MAX_OCTETS = 8 << 20;

    /** Lines with an asterisk, which are tried one by one. */
    static final int MAX_GLOBS = 500;

    private static final FileTime NEVER = FileTime.fromMillis(Long.MIN_VALUE);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final Path file;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Entries entries = Entries.none(Optional.empty());
    /** Guarded by {@link #lock}. */
    private FileTime modified = NEVER;
    private volatile long lookedNanos;
    private volatile boolean looked;

    Blocklist(Path file, Time time) {
        this.file = file;
        this.time = time;
    }

    /**
     * What the file says.
     *
     * @param lengths of the networks' prefixes, the longest first, for IPv4 and IPv6 alike
     */
    private record Entries(Set<Network> networks, NavigableSet<Integer> lengths, NamePatterns names, Optional<String> problem) {
        static Entries none(Optional<String> problem) {
            return new Entries(Set.of(), new TreeSet<>(), new NamePatterns(List.of()), problem);
        }

        Optional<Network> around(InetAddress client) {
            int bits = client.getAddress().length * Byte.SIZE;
            return lengths.descendingSet().stream().filter(length -> length <= bits)
                    .map(length -> Network.around(client, length)).filter(networks::contains).findFirst();
        }
    }

    /** What is wrong with the file, for the operator. */
    Optional<String> problem() {
        return entries.problem();
    }

    /**
     * The entry that means the client, or else one of the names in their order, most closely: the longest prefix, the longest name.
     *
     * @param names addresses and domains
     */
    Optional<String> match(InetAddress client, Collection<String> names) {
        refresh();
        Entries now = entries;
        return now.around(client).map(Network::toString)
                .or(() -> names.stream().map(now.names()::matchAddress).flatMap(Optional::stream).map(NamePattern::text).findFirst());
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
            entries = Entries.none(Optional.of(file + " cannot be read: " + e.getMessage()));
            modified = NEVER; // It may come back as it was.
        } finally {
            lookedNanos = time.nanos();
            looked = true;
            lock.unlock();
        }
    }

    private Entries read() throws IOException {
        if (Files.size(file) > MAX_OCTETS) {
            return Entries.none(Optional.of(file + " is larger than " + MAX_OCTETS + " octets"));
        }
        Set<Network> networks = new HashSet<>();
        List<NamePattern> names = new ArrayList<>();
        int globs = 0;
        Optional<String> problem = Optional.empty();
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
            String entry = line.split("#", 2)[0].strip();
            Optional<Network> network = entry.isEmpty() ? Optional.empty() : Network.parse(entry);
            Optional<NamePattern> name = entry.isEmpty() || network.isPresent() ? Optional.empty() : NamePattern.parse(entry);
            network.ifPresent(networks::add);
            globs += entry.indexOf('*') < 0 ? 0 : 1;
            if (globs <= MAX_GLOBS || entry.indexOf('*') < 0) {
                name.ifPresent(names::add);
            } else if (problem.isEmpty()) {
                problem = Optional.of(file + " has more than " + MAX_GLOBS + " lines with an asterisk; left out from: " + entry);
            }
            if (!entry.isEmpty() && network.isEmpty() && name.isEmpty() && problem.isEmpty()) {
                problem = Optional.of(file + " has a line that is no domain, address or network: " + entry);
            }
        }
        NavigableSet<Integer> lengths = networks.stream().map(Network::prefixBits).collect(Collectors.toCollection(TreeSet::new));
        return new Entries(networks, lengths, new NamePatterns(names), problem);
    }
}
