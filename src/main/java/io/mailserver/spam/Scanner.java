package io.mailserver.spam;

import io.mailserver.base.Content;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Another program that looks at mail: {@link Clamd}, {@link Spamd}, {@link Rspamd}.
 *
 * <p>Safe for use by any thread; blocks at most as long as it may.
 */
public interface Scanner {
    /**
     * What the envelope says.
     *
     * @param mailFrom without angle brackets; empty for the null reverse-path
     * @param recipients addresses
     * @param account who logged in; empty for strangers
     */
    record Envelope(InetAddress client, String helo, String mailFrom, List<String> recipients, String account) {
        public Envelope {
            recipients = List.copyOf(recipients);
        }
    }

    /** Has the message looked at; trouble is {@link ScanResult.Unavailable}, never an exception. */
    ScanResult scan(Envelope envelope, Content message, Duration within);
}
