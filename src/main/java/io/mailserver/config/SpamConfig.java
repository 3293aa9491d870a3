package io.mailserver.config;

import io.mailserver.base.Domain;
import io.mailserver.net.Endpoint;
import io.mailserver.net.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The spam filter (docs/judging-mail.md). It looks at the mail that is judged (checks). */
public record SpamConfig(
        @Key(doc = "Whether content is looked at.", value = "true") boolean enabled,
        @Key(doc = "From so many points on a message goes to Junk.", value = "5", unit = "points", min = "1", max = "1000") int junk,
        @Key(
                doc = "From so many points on a message is refused, with the reasons, so that a sender in good faith knows. Never "
                        + "less than junk.",
                value = "15",
                unit = "points",
                min = "1",
                max = "1000")
        int reject,
        @Key(doc = "Domains of this server, by recipient, with other limits.", example = "[{domain: example.org, junk: 7, reject: 20}]")
        List<DomainLimits> domains,
        @Key(doc = "Rules that are switched off, by their names (spam rules).", example = "[SUBJECT_SHOUTS, HTML_ONLY]")
        List<String> without,
        @Key(
                doc = "Other points for rules, by their names. A minus speaks for the message.",
                example = "[{rule: HTML_ONLY, points: 0.1}, {rule: PAGE_ATTACHED, points: 4}]")
        List<Weight> weights,
        @Key(
                doc = "Lists of bad addresses and domains in the DNS. None is asked unless it is named here; many ask for an agreement "
                        + "with large users and answer only resolvers of your own.",
                example = "[{zone: zen.spamhaus.org, of: addresses, points: 4}, {zone: dbl.spamhaus.org, of: domains, points: 4}]")
        List<DnsListConfig> dnsLists,
        @Key(
                doc = "A file of domains, addresses, and networks whose mail gets 100 points: one a line, # begins a comment. It is "
                        + "read again when it changes.",
                example = "/etc/mailserver/blocklist")
        Optional<Path> blocklist,
        @Key(doc = "Other programs that look at mail.", example = "[{type: clamd, at: /run/clamav/clamd.ctl}]")
        List<ScannerConfig> scanners,
        @Key(doc = "How long lists and other programs may take together.", value = "10s", min = "100ms", max = "5m") Duration timeout,
        @Key(doc = "Doubtful mail of unknown senders is asked to come again.") Greylisting greylisting,
        @Key(doc = "Mail that users of this server send to others.") Outgoing outgoing,
        @Key(
                doc = "How long Junk keeps mail, counted from when it came there; 0 for ever. Accounts may have their own "
                        + "(spam set ADDRESS --keep-junk).",
                value = "30d",
                min = "0s",
                max = "3650d")
        Duration keepJunk,
        @Key(doc = "Whether mail that is junk or wanted beyond doubt teaches the filter too.", value = "true") boolean learnClearCases) {
    /** Greylisting. */
    public record Greylisting(
            @Key(doc = "Whether it is done.", value = "true") boolean enabled,
            @Key(
                    doc = "From so many points on mail is doubtful; from spam.junk on it is junk, and no doubt is left.",
                    value = "3",
                    unit = "points",
                    min = "-1000",
                    max = "1000")
            double from,
            @Key(doc = "How long a sender has to wait (451 4.7.1).", value = "5m", min = "1s", max = "1d") Duration delay,
            @Key(doc = "Who waited once need not wait again for so long.", value = "36d", min = "1h", max = "3650d") Duration keep) {}

    /** What the filter makes of users' own mail. */
    public record Outgoing(
            @Key(doc = "Whether it is looked at.", value = "true") boolean enabled,
            @Key(doc = "From so many points on a message counts as junk; nothing is refused for that alone.", value = "6", unit = "points",
                    min = "1", max = "1000")
            int junk,
            @Key(
                    doc = "After so many such messages in an hour, an account sends one message a minute at most (451); 0 for never.",
                    value = "3", unit = "messages", min = "0", max = "1000000")
            int slowAfter,
            @Key(
                    doc = "After so many in a day, what it sends is held in the queue until the postmaster releases the account "
                            + "(spam release ADDRESS); it and the postmaster get a notice. 0 for never.",
                    value = "10", unit = "messages", min = "0", max = "1000000")
            int holdAfter) {}

    /** The points of one rule. */
    public record Weight(
            @Key(doc = "The rule's name (spam rules).") String rule,
            @Key(doc = "Its points.", unit = "points", min = "-1000", max = "1000") double points) {}

    /** The limits of one domain. */
    public record DomainLimits(
            @Key(doc = "A domain of this server.") Domain domain,
            @Key(doc = "As spam.junk.", value = "5", min = "1", max = "1000") int junk,
            @Key(doc = "As spam.reject.", value = "15", min = "1", max = "1000") int reject) {}

    /** One list in the DNS (RFC 5782). */
    public record DnsListConfig(
            @Key(doc = "Where it is in the DNS.") Domain zone,
            @Key(doc = "What it lists.") Kind of,
            @Key(doc = "Points for who is on it.", value = "3", min = "1", max = "1000") int points,
            @Key(doc = "Which answers count. Without it: all that are listings.", example = "[127.0.0.2/31]")
            List<Network> answers) {
        /** What a list lists. */
        public enum Kind {
            /** Addresses of clients. */
            ADDRESSES,
            /** Domains of senders and links. */
            DOMAINS
        }
    }

    /** One other program. */
    public record ScannerConfig(
            @Key(doc = "Which program it is.") Type type,
            @Key(doc = "Where it listens.", example = "127.0.0.1:11333") Endpoint at,
            @Key(
                    doc = "What becomes of mail while it does not answer. open: it passes unseen. closed: it is put off (451).",
                    value = "open")
            Failing failing,
            @Key(
                    doc = "Points when the program's own score reaches its own limit; less in proportion. Programs without scores ignore "
                            + "this.",
                    value = "6",
                    min = "0",
                    max = "1000")
            int points) {
        /** The programs we know how to ask. */
        public enum Type {
            CLAMD,
            SPAMD,
            RSPAMD,
            MILTER
        }

        /** What a program that does not answer means. */
        public enum Failing {
            OPEN,
            CLOSED
        }
    }

    /** The values of an empty file. */
    public static SpamConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static SpamConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(SpamConfig.class, null, changes, Map.of());
    }
}
