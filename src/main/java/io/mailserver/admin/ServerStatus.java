package io.mailserver.admin;

import io.mailserver.log.RecentErrors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A running server, seen by its operator.
 *
 * @param version of the program
 * @param listeners in the order of the configuration
 * @param certificates those served now
 * @param freeBytes on the file system of the data folder
 * @param errors of the log since the start
 * @param warnings what the operator should look at: a rejected AOT cache, a certificate that ends soon
 */
public record ServerStatus(
        String version,
        long processId,
        Instant started,
        String hostname,
        Path data,
        List<Listener> listeners,
        List<Certificate> certificates,
        long freeBytes,
        RecentErrors.Summary errors,
        List<Warning> warnings) {
    public ServerStatus {
        listeners = List.copyOf(listeners);
        certificates = List.copyOf(certificates);
        warnings = List.copyOf(warnings);
    }

    /**
     * Something that should be otherwise.
     *
     * @param text what it is, one line
     * @param mend what to do, one line
     */
    public record Warning(String text, String mend) {
        @Override
        public String toString() {
            return text + "; " + mend;
        }
    }

    /**
     * @param name such as {@code SMTP submission}
     * @param connections open now
     */
    public record Listener(String name, String address, int port, int connections) {}

    /**
     * @param names the host names it is for
     * @param file where it came from; empty for one that lives in memory only
     * @param selfSigned whether clients will not trust it
     */
    public record Certificate(List<String> names, Optional<Path> file, Instant notAfter, boolean selfSigned) {
        public Certificate {
            names = List.copyOf(names);
        }
    }
}
