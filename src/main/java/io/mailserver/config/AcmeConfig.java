package io.mailserver.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates that the server gets itself. */
public record AcmeConfig(
        @Key(
                doc = "Whether the server gets certificates by ACME where tls.certificates names none, for its name and for mail., "
                        + "autoconfig., autodiscover. and mta-sts. of its domains, as soon as the DNS points here. It needs an http "
                        + "listener on port 80 or an https listener on 443. Left on, it says for you that you agree to the authority's "
                        + "terms of service.",
                value = "true")
        boolean agree,
        @Key(doc = "The ACME directory of the authority.", value = "https://acme-v02.api.letsencrypt.org/directory") String directory,
        @Key(doc = "Where the authority may write to about your certificates.", example = "postmaster@example.com") Optional<String> email,
        @Key(
                doc = "For an authority of your own: the PEM file of the root certificate that its web server is to be trusted by.",
                example = "/etc/mailserver/private-root.pem")
        Optional<Path> trust,
        @Key(
                doc = "The public addresses of this machine, where it has others itself (NAT): names that point to these point here. "
                        + "Without it: those of its network interfaces.",
                example = "[192.0.2.10]")
        List<InetAddress> addresses) {
    public AcmeConfig {
        addresses = List.copyOf(addresses);
        try {
            if (!"https".equals(new URI(directory).getScheme())) {
                throw new IllegalArgumentException("acme.directory is no https address");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("acme.directory is no address", e);
        }
    }

    /** The values of an empty file. */
    public static AcmeConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static AcmeConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(AcmeConfig.class, null, changes, Map.of());
    }
}
