package io.mailserver.spf;

import io.mailserver.dns.DnsName;
import io.mailserver.smtp.AddressLiteral;
import java.time.Instant;
import java.util.function.Function;

/** The values of the macro letters during one check (RFC 7208 §7.2); only {@code d} and {@code p} depend on the record. */
record SenderMacros(String localPart, DnsName senderDomain, String helo, String receiver, Client client, Instant now,
        Function<DnsName, String> validatedName) {
    /** The values in the record of a domain. */
    MacroString.Values in(DnsName domain) {
        return letter -> switch (letter) {
            case 's' -> localPart + "@" + senderDomain.text();
            case 'l' -> localPart;
            case 'o' -> senderDomain.text();
            case 'd' -> domain.text();
            case 'i' -> dotted(client);
            case 'p' -> validatedName.apply(domain);
            case 'v' -> client.v6() ? "ip6" : "in-addr";
            case 'h' -> DnsName.parse(helo).map(DnsName::text).orElse(helo);
            case 'c' -> AddressLiteral.plain(client.address());
            case 'r' -> receiver;
            case 't' -> Long.toString(now.getEpochSecond());
            default -> throw new IllegalArgumentException("not a macro letter");
        };
    }

    /** RFC 7208 §7.3: an IPv6 address as its nibbles between dots, in upper case, as explanations usually show them. */
    private static String dotted(Client client) {
        if (!client.v6()) {
            return client.address().getHostAddress();
        }
        StringBuilder nibbles = new StringBuilder(63);
        for (byte octet : client.address().getAddress()) {
            nibbles.append(nibbles.isEmpty() ? "" : ".").append(hexDigit(octet >> 4))
                    .append('.').append(hexDigit(octet));
        }
        return nibbles.toString();
    }

    private static char hexDigit(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 0xf, 16));
    }
}
