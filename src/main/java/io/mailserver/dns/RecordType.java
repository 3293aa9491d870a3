package io.mailserver.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * What one may ask for.
 *
 * @param <R> the data that answers hold
 */
public final class RecordType<R extends Rdata> {
    public static final RecordType<Rdata.A> A = new RecordType<>(Type.A, record -> record instanceof ARecord a
            && a.getAddress() instanceof Inet4Address address ? Optional.of(new Rdata.A(address)) : Optional.empty());
    public static final RecordType<Rdata.Aaaa> AAAA = new RecordType<>(Type.AAAA, RecordType::aaaa);
    public static final RecordType<Rdata.Mx> MX = new RecordType<>(Type.MX, record -> record instanceof MXRecord mx
            ? name(mx.getTarget()).map(exchange -> new Rdata.Mx(mx.getPriority(), exchange)) : Optional.empty());
    public static final RecordType<Rdata.Txt> TXT = new RecordType<>(Type.TXT, RecordType::txt);
    public static final RecordType<Rdata.Ptr> PTR = new RecordType<>(Type.PTR, record -> record instanceof PTRRecord ptr
            ? name(ptr.getTarget()).map(Rdata.Ptr::new) : Optional.empty());
    public static final RecordType<Rdata.Ns> NS = new RecordType<>(Type.NS, record -> record instanceof NSRecord ns
            ? name(ns.getTarget()).map(Rdata.Ns::new) : Optional.empty());
    public static final RecordType<Rdata.Cname> CNAME = new RecordType<>(Type.CNAME, record -> record instanceof CNAMERecord cname
            ? name(cname.getTarget()).map(Rdata.Cname::new) : Optional.empty());
    public static final RecordType<Rdata.Soa> SOA = new RecordType<>(Type.SOA, record -> record instanceof SOARecord soa
            ? name(soa.getHost()).map(host -> new Rdata.Soa(host, soa.getSerial(), soa.getMinimum())) : Optional.empty());
    public static final RecordType<Rdata.Tlsa> TLSA = new RecordType<>(Type.TLSA, RecordType::tlsa);
    public static final RecordType<Rdata.Srv> SRV = new RecordType<>(Type.SRV, record -> record instanceof SRVRecord srv
            ? name(srv.getTarget()).map(to -> new Rdata.Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), to))
            : Optional.empty());
    public static final RecordType<Rdata.Caa> CAA = new RecordType<>(Type.CAA, record -> record instanceof CAARecord caa
            ? Optional.of(new Rdata.Caa((caa.getFlags() & 0x80) != 0, caa.getTag(), caa.getValue())) : Optional.empty());

    private final int code;
    private final Function<Record, Optional<R>> reader;

    private RecordType(int code, Function<Record, Optional<R>> reader) {
        this.code = code;
        this.reader = reader;
    }

    /** Every type, in the order of declaration. */
    public static List<RecordType<?>> all() {
        return List.of(A, AAAA, MX, TXT, PTR, NS, CNAME, SOA, TLSA, SRV, CAA);
    }

    /** The number of RFC 1035 §3.2.2 and IANA. */
    int code() {
        return code;
    }

    /** The data of a record of this type; empty where the record is of another type or holds what mail has no use for. */
    Optional<R> read(Record record) {
        return reader.apply(record);
    }

    /** The mnemonic, such as {@code MX}. */
    @Override
    public String toString() {
        return Type.string(code);
    }

    /** Our name for dnsjava's; empty where a label holds a dot or NUL. */
    static Optional<DnsName> name(Name name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.labels() - 1; i++) {
            byte[] label = name.getLabel(i);
            if (i > 0) {
                text.append('.');
            }
            for (int at = 1; at < label.length; at++) {
                char c = (char) (label[at] & 0xff);
                if (c == 0 || c == '.') {
                    return Optional.empty();
                }
                text.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
            }
        }
        return Optional.of(new DnsName(text.toString()));
    }

    private static Optional<Rdata.Aaaa> aaaa(Record record) {
        if (!(record instanceof AAAARecord aaaa)) {
            return Optional.empty();
        }
        try {
            // Not InetAddress.getByAddress: it turns an IPv4-mapped address into an IPv4 one.
            InetAddress address = aaaa.getAddress();
            byte[] octets = address.getAddress().length == 16 ? address.getAddress() : mapped(address.getAddress());
            return Optional.of(new Rdata.Aaaa(Inet6Address.getByAddress(null, octets, -1)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 16 octets was refused", e);
        }
    }

    private static byte[] mapped(byte[] ipv4) {
        byte[] octets = new byte[16];
        octets[10] = (byte) 0xff;
        octets[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, octets, 12, ipv4.length);
        return octets;
    }

    private static Optional<Rdata.Txt> txt(Record record) {
        if (!(record instanceof TXTRecord txt)) {
            return Optional.empty();
        }
        StringBuilder joined = new StringBuilder();
        for (byte[] part : txt.getStringsAsByteArrays()) {
            joined.append(new String(part, StandardCharsets.ISO_8859_1));
        }
        return Optional.of(new Rdata.Txt(joined.toString()));
    }

    private static Optional<Rdata.Tlsa> tlsa(Record record) {
        return record instanceof TLSARecord tlsa
                ? Optional.of(new Rdata.Tlsa(tlsa.getCertificateUsage(), tlsa.getSelector(), tlsa.getMatchingType(),
                        HexFormat.of().formatHex(tlsa.getCertificateAssociationData())))
                : Optional.empty();
    }
}
