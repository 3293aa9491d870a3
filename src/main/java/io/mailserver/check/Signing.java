package io.mailserver.check;

import io.mailserver.arc.ArcChain;
import io.mailserver.arc.ArcSealer;
import io.mailserver.arc.ArcStatus;
import io.mailserver.arc.ArcVerifier;
import io.mailserver.authres.AuthenticationResults;
import io.mailserver.base.Time;
import io.mailserver.dkim.BodyHashes;
import io.mailserver.dkim.DkimLimits;
import io.mailserver.dkim.DkimSigner;
import io.mailserver.dkim.DkimSigner.SigningOptions;
import io.mailserver.dkim.SigningKey;
import io.mailserver.dns.Resolver;
import io.mailserver.mime.HeaderBlock;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Makes the fields that go on top of a message. Blocks for files, and for the DNS where a chain is to be verified. */
public final class Signing {
    private final Time time;

    public Signing(Time time) {
        this.time = time;
    }

    /**
     * A DKIM-Signature (RFC 6376 §5).
     *
     * @throws IllegalArgumentException the message has no From, or it is not to be signed
     */
    public String dkim(MessageFile message, SigningKey key, SigningOptions options) throws IOException {
        try (InputStream in = message.open()) {
            return new DkimSigner(time).sign(in, key, options);
        }
    }

    /**
     * A new set of ARC fields (RFC 8617 §5.1). What the chain was worth when the message came is taken from the
     * Authentication-Results, since the message may have been changed after that; where they do not tell, the chain is verified.
     *
     * @param authServId whose Authentication-Results are taken into the set
     * @param resolver asked for only where the chain must be verified
     * @return empty where the chain is over: a seal says that it failed, or it has 50 sets
     * @throws IllegalArgumentException the message has no From, or fields are to be signed that must not be
     */
    public Optional<String> arc(MessageFile message, SigningKey key, SigningOptions options, String authServId,
            Supplier<Resolver> resolver) throws IOException {
        try (InputStream in = message.open()) {
            HeaderBlock.Split split = HeaderBlock.split(in, HeaderBlock.Limits.DEFAULTS);
            ArcChain chain = ArcChain.read(split.header(), DkimLimits.DEFAULTS);
            Set<BodyHashes.Wanted> wanted = new LinkedHashSet<>(chain.wantedHashes());
            wanted.add(options.wantedHash());
            BodyHashes hashes = BodyHashes.of(split.body(), List.copyOf(wanted));
            AuthenticationResults results = ArcSealer.combined(split.header(), authServId);
            Optional<ArcStatus> stated = results.results().stream().filter(result -> result.method().equalsIgnoreCase("arc"))
                    .findFirst().flatMap(result -> ArcStatus.ofWord(result.result()));
            ArcStatus status = stated.isPresent() ? stated.get()
                    : new ArcVerifier(resolver.get(), time, DkimLimits.DEFAULTS).verify(chain, hashes).status();
            return new ArcSealer(time).seal(chain, status, hashes, results, key, options);
        }
    }
}
