package io.mailserver.config;

import io.mailserver.base.Domain;
import io.mailserver.net.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How mail of strangers is judged (docs/judging-mail.md). Mail of logged-in users and LMTP is not. */
public record ChecksConfig(
        @Key(
                doc = "Whether mail from other servers is judged at all. Without it nothing is looked up and no results are written.",
                value = "true")
        boolean enabled,
        @Key(
                doc = "What is done about mail that its author's domain disowns (DMARC). enforce: what the domain asks for. quarantine: "
                        + "into Junk instead of refusing it. report: nothing, the results are only written into the message and the log.",
                value = "enforce")
        Mode mode,
        @Key(doc = "Domains of this server, by recipient, with another mode.", example = "[{domain: example.org, mode: report}]")
        List<DomainMode> modes,
        @Key(doc = "How long the checks of one message may take together; what is unknown then counts as temporary error.", value = "12s",
                min = "100ms", max = "5m")
        Duration timeout,
        @Key(
                doc = "Networks whose mail is not judged: relays of your own that have judged it before.",
                example = "[192.0.2.11, 2001:db8::/64]")
        List<Network> trustedClients,
        @Key(doc = "Networks of clients whose mail goes to the INBOX whatever the rest says.", example = "[198.51.100.0/24]")
        List<Network> allowClients,
        @Key(
                doc = "Senders whose mail goes to the INBOX whatever the rest says: addresses, or domains with those below them. "
                        + "They count only where SPF or DKIM proves them.",
                example = "[partner.example, boss@example.net]")
        List<NamePattern> allowSenders,
        @Key(
                doc = "Forwarders and mailing lists by the domain of their ARC seals (RFC 8617), whose word is taken that a message was "
                        + "good when it came to them.",
                example = "[lists.example.net]")
        List<Domain> trustedSealers,
        @Key(
                doc = "Whether mail that looks like a mailing list's is refused, too, where its author's domain asks for that. Lists "
                        + "often change messages, so otherwise it goes to Junk.",
                value = "false")
        boolean rejectLists,
        @Key(
                doc = "Whether domains that ask for it are told once a day what mail came in their name (DMARC aggregate reports), "
                        + "and how TLS to their servers fared (TLS reports): counts, no contents and no recipients.",
                value = "true")
        boolean sendReports,
        @Key(
                doc = "Rules of your own, in order; the first that applies decides. Senders that are allowed come before, everything "
                        + "else after.",
                example = "[{name: forged-and-unprotected, spf: [fail], dmarc: [none], then: junk}]")
        List<RuleConfig> rules) {
    /** What is done about disowned mail. */
    public enum Mode {
        ENFORCE,
        QUARANTINE,
        REPORT
    }

    /** The mode of one domain. */
    public record DomainMode(
            @Key(doc = "A domain of this server.") Domain domain, @Key(doc = "Its mode.") Mode mode) {}

    /** The values of an empty file. */
    public static ChecksConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static ChecksConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(ChecksConfig.class, null, changes, Map.of());
    }
}
