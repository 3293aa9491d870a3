package io.mailserver.config;

import io.mailserver.dns.ResolverSettings;
import io.mailserver.dns.ResolverSettings.NameServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Whom the server asks for DNS records. */
public record DnsConfig(
        @Key(
                doc = "Recursive resolvers to ask, as address or address:port, in order of preference. Without it: those of "
                        + "/etc/resolv.conf. A resolver on this machine (unbound) is the best choice: DNS block lists answer large public "
                        + "ones with errors.",
                example = "[127.0.0.1, \"[2001:db8::53]:53\"]",
                restart = true)
        List<NameServer> servers,
        @Key(
                doc = "Who says that an answer is authentic (DNSSEC). trusted-servers: a resolver on this machine that validates, or "
                        + "one that resolv.conf trusts by trust-ad. ourselves: the server validates from the root, at the price of more "
                        + "questions.",
                value = "trusted-servers",
                restart = true)
        ResolverSettings.Validation dnssec,
        @Key(doc = "After how long a question is given up.", value = "5s", min = "100ms", max = "1m", restart = true) Duration timeout,
        @Key(doc = "How much memory kept answers may take.", value = "8MiB", min = "64KiB", max = "1GiB", restart = true)
        ByteSize cache) {
    /** The values of an empty file. */
    public static DnsConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static DnsConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(DnsConfig.class, null, changes, Map.of());
    }
}
