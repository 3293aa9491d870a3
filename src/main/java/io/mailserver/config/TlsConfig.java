package io.mailserver.config;

import io.mailserver.base.Domain;
import io.mailserver.mtasts.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Certificates and when TLS is required.
 *
 * @param certificates empty: a self-signed one is made in the data folder
 */
public record TlsConfig(
        @Key(
                doc = "Certificates, chosen by the name the client asks for (SNI); the first is used where none fits. Without it: a "
                        + "self-signed certificate that is made in the data folder at the first start.",
                example = "[{chain: /etc/letsencrypt/live/mail.example.com/fullchain.pem, "
                        + "key: /etc/letsencrypt/live/mail.example.com/privkey.pem}]")
        List<Certificate> certificates,
        @Key(doc = "How often the certificate files are looked at for changes.", value = "1m", min = "1s", max = "1d", restart = true)
        Duration checkInterval,
        @Key(doc = "The oldest version of TLS that is spoken.", value = "tls12", restart = true) Version minVersion,
        @Key(
                doc = "Sender domains whose mail is accepted over TLS only. For a whole listener there is require-tls.",
                example = "[partner.example]")
        List<Domain> requireFrom,
        @Key(
                doc = "What other servers are told by MTA-STS (RFC 8461) about mail to your domains, where there is an https listener on "
                        + "443. testing: they report trouble with TLS. enforce: they send over verified TLS or not at all; first have "
                        + "certificates for mta-sts. of each domain and for this server's name. none: nothing is published.",
                value = "testing")
        Policy.Mode mtaSts) {
    /** The versions of TLS that are safe to speak. */
    public enum Version {
        TLS12,
        TLS13
    }

    /** One certificate. */
    public record Certificate(
            @Key(doc = "The PEM file of the certificate, followed by the intermediate ones (fullchain.pem).") Path chain,
            @Key(doc = "The PEM file of its private key; readable by the server only.") Path key) {}

    /** The values of an empty file. */
    public static TlsConfig defaults() {
        return Config.defaults().tls();
    }
}
