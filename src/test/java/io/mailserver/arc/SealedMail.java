package io.mailserver.arc;

import io.mailserver.authres.AuthenticationResults;
import io.mailserver.authres.MethodResult;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.SignedMail;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import io.mailserver.simulation.ManualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Messages with chains for the tests. */
final class SealedMail {
    static final String ZONE = SignedMail.published("r", SignedMail.OTHER_RSA, "") + SignedMail.published("e", SignedMail.ED25519, "");
    static final SigningKey RSA = SignedMail.key("r", SignedMail.OTHER_RSA);
    static final SigningKey ED25519 = SignedMail.key("e", SignedMail.ED25519);

    private SealedMail() {}

    /** Adds a set that states what verifying the message gives. */
    static String seal(String message, Resolver resolver, SigningKey key) {
        return seal(message, verify(message, resolver).status(), key);
    }

    static String seal(String message, ArcStatus status, SigningKey key) {
        try {
            HeaderBlock.Split split = HeaderBlock.split(SignedMail.stream(message), HeaderBlock.Limits.DEFAULTS);
            ArcChain chain = ArcChain.read(split.header(), DkimLimits.DEFAULTS);
            List<BodyHashes.Wanted> wanted = new ArrayList<>(chain.wantedHashes());
            wanted.add(SigningOptions.DEFAULTS.wantedHash());
            AuthenticationResults results = new AuthenticationResults("mx.example.com",
                    List.of(MethodResult.of("spf", "pass").with("smtp", "mailfrom", "a@example.com"),
                            MethodResult.of("arc", status.word())));
            return new ArcSealer(new ManualTime(SignedMail.NOW)).seal(chain, status, BodyHashes.of(split.body(), wanted), results, key,
                    SigningOptions.DEFAULTS).orElse("") + message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ArcResult verify(String message, Resolver resolver) {
        try {
            return new ArcVerifier(resolver, new ManualTime(SignedMail.NOW), DkimLimits.DEFAULTS).verify(SignedMail.stream(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
