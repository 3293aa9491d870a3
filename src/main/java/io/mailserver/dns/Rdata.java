package io.mailserver.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;

/** The data of one record, by type. Values; nothing here refers to where or when it was found. */
public sealed interface Rdata {
    /** As in a zone file (RFC 1035 §5.1), names with their final dot; a text without quotes. */
    default String presentation() {
        return switch (this) {
            case A a -> a.address().getHostAddress();
            case Aaaa aaaa -> aaaa.address().getHostAddress();
            case Mx mx -> mx.preference() + " " + dotted(mx.exchange());
            case Txt txt -> txt.latin1();
            case Ptr ptr -> dotted(ptr.name());
            case Ns ns -> dotted(ns.name());
            case Cname cname -> dotted(cname.target());
            case Soa soa -> dotted(soa.primary()) + " " + soa.serial();
            case Tlsa tlsa -> tlsa.usage() + " " + tlsa.selector() + " " + tlsa.matchingType() + " " + tlsa.data();
            case Srv srv -> srv.priority() + " " + srv.weight() + " " + srv.port() + " " + dotted(srv.target());
            case Caa caa -> (caa.critical() ? "128 " : "0 ") + caa.tag() + " \"" + caa.value() + "\"";
        };
    }

    private static String dotted(DnsName name) {
        return name.text().isEmpty() ? "." : name + ".";
    }

    /** An IPv4 address (RFC 1035 §3.4.1). */
    record A(Inet4Address address) implements Rdata {}

    /** An IPv6 address (RFC 3596 §2.2); IPv4-mapped ones stay IPv6. */
    record Aaaa(Inet6Address address) implements Rdata {}

    /** A mail exchange (RFC 1035 §3.3.9); the root as exchange means that the domain takes no mail (RFC 7505). */
    record Mx(int preference, DnsName exchange) implements Rdata {}

    /**
     * A text (RFC 1035 §3.3.14).
     *
     * @param latin1 the strings of the record joined without anything between them, as SPF, DKIM and DMARC want it (RFC 7208 §3.3);
     *     each char is one octet, whatever its charset
     */
    record Txt(String latin1) implements Rdata {
        /** The octets; a new array each time. */
        public byte[] octets() {
            return latin1.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** The name of an address (RFC 1035 §3.3.12). */
    record Ptr(DnsName name) implements Rdata {}

    /** A name server (RFC 1035 §3.3.11). */
    record Ns(DnsName name) implements Rdata {}

    /** An alias (RFC 1035 §3.3.1), seen only by who asks for this very type. */
    record Cname(DnsName target) implements Rdata {}

    /**
     * The start of a zone (RFC 1035 §3.3.13).
     *
     * @param minimumSeconds how long a negative answer holds (RFC 2308 §4)
     */
    record Soa(DnsName primary, long serial, long minimumSeconds) implements Rdata {}

    /**
     * A certificate association (RFC 6698 §2.1).
     *
     * @param data in lower-case hexadecimal digits
     */
    record Tlsa(int usage, int selector, int matchingType, String data) implements Rdata {}

    /** The place of a service (RFC 2782). */
    record Srv(int priority, int weight, int port, DnsName target) implements Rdata {}

    /** Who may issue certificates (RFC 8659 §4.1). */
    record Caa(boolean critical, String tag, String value) implements Rdata {}
}
