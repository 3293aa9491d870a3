package io.mailserver.config;

import io.mailserver.net.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which IMAP clients get less than the server can do. Where it names both, a client must be from the network and say the name. */
public record QuirkConfig(
        @Key(
                doc = "What the client calls itself by ID (RFC 2971): name and version with a space between. Case does not count, * stands "
                        + "for any characters. It counts from then on; most clients say it right after login.",
                example = "\"Example Mail 3.*\"")
        Optional<String> client,
        @Key(doc = "Where the client is. Counts from the greeting on.", example = "[192.0.2.0/24]") List<Network> network,
        @Key(doc = "What it does not get.", example = "[no-condstore]") List<Quirk> withhold) {
    public QuirkConfig {
        if (client.isEmpty() && network.isEmpty()) {
            throw new IllegalArgumentException("a quirk needs a client or a network that has it");
        }
        if (withhold.isEmpty()) {
            throw new IllegalArgumentException("a quirk withholds something; name it in withhold");
        }
    }

    /**
     * Whether it is about this client.
     *
     * @param said name and version as by ID; empty until the client has said them
     */
    public boolean isAbout(String said, InetAddress address) {
        boolean named = client.isEmpty() || NamePattern.glob(client.get().toLowerCase(Locale.ROOT), said.toLowerCase(Locale.ROOT));
        return named && (network.isEmpty() || network.stream().anyMatch(each -> each.contains(address)));
    }
}
