package io.mailserver.bench;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dkim.Canonicalization;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.KeyFiles;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Messages of bench.example with one RSA-2048 signature, and a DNS on loopback in which SPF, DKIM and DMARC pass for them. */
final class SignedLoad implements AutoCloseable {
    static final Domain AUTHOR = new Domain("bench.example");
    static final String SELECTOR = "k";

    private static final int RSA_BITS = 2048;
    /** Without Message-ID: it holds the number, which changes after signing. */
    private static final SigningOptions OPTIONS = new SigningOptions(Canonicalization.RELAXED, Canonicalization.RELAXED,
            List.of("from", "to", "subject", "date", "mime-version", "content-type"), Optional.empty(), Optional.empty());

    private final KeyPair pair;
    private final ZoneServer dns;
    private final Time time;

    private SignedLoad(KeyPair pair, ZoneServer dns, Time time) {
        this.pair = pair;
        this.dns = dns;
        this.time = time;
    }

    static SignedLoad start(Time time) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            KeyPair pair = generator.generateKeyPair();
            Zone zone = Zone.parse(zone(pair));
            return new SignedLoad(pair, ZoneServer.start(() -> zone, 0, time), time);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String zone(KeyPair pair) {
        String record = KeyFiles.keyRecord(pair.getPublic());
        StringBuilder strings = new StringBuilder();
        for (int at = 0; at < record.length(); at += 200) {
            strings.append('"').append(record, at, Math.min(record.length(), at + 200)).append("\" ");
        }
        return """
                .                            86400 SOA ns.bench.example. root.bench.example. 1 86400 86400 86400 86400
                bench.example                86400 TXT "v=spf1 ip4:127.0.0.1 -all"
                client.bench.example         86400 A   127.0.0.1
                _dmarc.bench.example         86400 TXT "v=DMARC1; p=reject"
                k._domainkey.bench.example   86400 TXT ( %s)
                """.formatted(strings);
    }

    /** Where the zone is served. */
    InetSocketAddress dns() {
        return dns.address();
    }

    /** The key as opendkim and python3-dkim want it. */
    String keyRecord() {
        return KeyFiles.keyRecord(pair.getPublic());
    }

    /** The signature of a message, to be put on top. */
    String signature(String message) {
        SigningKey key = new SigningKey(AUTHOR, DnsName.of(SELECTOR), pair.getPrivate());
        try {
            return new DkimSigner(time).sign(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), key, OPTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A whole signed message, not dot-stuffed. */
    byte[] message(int number, int octets) {
        byte[] wire = new NumberedMessage("auth", octets, this::signature).numbered(number);
        return Arrays.copyOf(wire, wire.length - ".\r\n".length());
    }

    @Override
    public void close() throws IOException {
        dns.close();
    }
}
