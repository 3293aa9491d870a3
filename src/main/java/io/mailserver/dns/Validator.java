package io.mailserver.dns;

import io.mailserver.base.Time;
import io.mailserver.dns.ResolverSettings.Validation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** Puts our own DNSSEC validation above the servers where it is wanted. */
final class Validator {
    /** The key-signing keys of the root zone (https://data.iana.org/root-anchors/root-anchors.xml): 2017 and its successor of 2024. */
    static final String ROOT_ANCHORS = """
            . IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
            . IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
            """;

    private Validator() {}

    static org.xbill.DNS.Resolver over(ResolverSettings settings, Time time) {
        boolean ourselves = settings.validation() == Validation.OURSELVES;
        NameServers servers = new NameServers(settings.servers(), settings.limits().attempt(), ourselves);
        return ourselves ? withAnchors(servers, ROOT_ANCHORS, time) : servers;
    }

    /**
     * @param anchors DS or DNSKEY records in zone file format
     */
    static org.xbill.DNS.Resolver withAnchors(org.xbill.DNS.Resolver servers, String anchors, Time time) {
        ValidatingResolver validating = new ValidatingResolver(servers, new WallClock(time));
        try {
            validating.loadTrustAnchors(new ByteArrayInputStream(anchors.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new IllegalArgumentException("not trust anchors", e);
        }
        return validating;
    }

    /** Our clock as the JDK's, for the dates of signatures. */
    private static final class WallClock extends Clock {
        private final Time time;

        WallClock(Time time) {
            this.time = time;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time.now();
        }
    }
}
