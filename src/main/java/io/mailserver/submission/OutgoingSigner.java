package io.mailserver.submission;

import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.SigningKey;
import io.mailserver.log.EventLog;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Signs what leaves this server with all keys of the From domain (RFC 6376, RFC 8463). Safe for use by any thread.
 */
public final class OutgoingSigner {
    private final Keys keys;
    private final DkimSigner signer;
    private final EventLog log;

    /** Knows the keys that sign for a domain; none for one that is not ours. */
    public interface Keys {
        List<SigningKey> of(Domain domain) throws IOException;
    }

    public OutgoingSigner(Keys keys, DkimSigner signer, EventLog log) {
        this.keys = keys;
        this.signer = signer;
        this.log = log;
    }

    /** The DKIM-Signature fields to put on top of a message; none where there is no key, or nothing that can be signed. */
    public String signatures(Content message) throws IOException {
        try (InputStream octets = message.open()) {
            HeaderBlock.Split split = HeaderBlock.split(octets, HeaderBlock.Limits.DEFAULTS);
            Optional<Domain> domain =
                    FixUps.authors(split.header()).map(List::getFirst).flatMap(Address::domain);
            List<SigningKey> signing = domain.isPresent() ? keys.of(domain.get()) : List.of();
            if (signing.isEmpty() || split.header().truncated()) {
                return "";
            }
            DkimSigner.SigningOptions options = DkimSigner.SigningOptions.DEFAULTS;
            BodyHashes hashes = BodyHashes.of(split.body(), List.of(options.wantedHash()));
            StringBuilder fields = new StringBuilder();
            for (SigningKey key : signing) {
                fields.append(signer.sign(split.header(), hashes, key, options));
            }
            return fields.toString();
        } catch (IllegalArgumentException e) {
            // What cannot be signed goes without: receivers then judge it by SPF.
            log.warn("submission.not-signed", "cause", e.toString());
            return "";
        }
    }
}
