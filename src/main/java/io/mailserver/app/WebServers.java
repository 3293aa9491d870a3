package io.mailserver.app;

import io.mailserver.dns.Answer;
import io.mailserver.dns.DnsName;
import io.mailserver.dns.Rdata;
import io.mailserver.dns.RecordType;
import io.mailserver.dns.Resolver;
import io.mailserver.net.HttpsClient;
import io.mailserver.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Addresses of the web servers that strangers' DNS names: public ones only, unless the operator says otherwise. Safe for use by any
 * thread.
 *
 * @param toPrivate whether others will do
 */
record WebServers(Resolver resolver, BooleanSupplier toPrivate) implements HttpsClient.Addresses {
    private static final Duration DNS_TIME = Duration.ofSeconds(20);

    @Override
    public List<InetAddress> of(String host) throws IOException {
        DnsName name = DnsName.of(host);
        Answer<Rdata.A> four = resolver.resolve(name, RecordType.A, DNS_TIME);
        List<InetAddress> all = new ArrayList<>();
        four.records().forEach(record -> all.add(record.address()));
        resolver.resolve(name, RecordType.AAAA, DNS_TIME).records().forEach(record -> all.add(record.address()));
        if (all.isEmpty()) {
            throw new IOException("the address of " + host + ": " + four.summary());
        }
        List<InetAddress> usable = all.stream().filter(address -> toPrivate.getAsBoolean() || Network.isPublic(address)).toList();
        if (usable.isEmpty()) {
            throw new IOException(host + " has no public address (sending.https-to-private)");
        }
        return usable;
    }
}
