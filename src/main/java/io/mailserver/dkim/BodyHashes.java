package io.mailserver.dkim;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;

/** The SHA-256 hashes of a body that the signatures of a message ask for, made in one pass. Memory does not depend on the body's size. */
public final class BodyHashes {
    /** Most messages are small: the buffer grows only for those that are not. */
    private static final int FIRST_READ_OCTETS = 4 << 10;
    private static final int READ_OCTETS = 32 << 10;

    private final Map<Wanted, Hash> hashes;

    private BodyHashes(Map<Wanted, Hash> hashes) {
        this.hashes = hashes;
    }

    /**
     * What a signature asks for.
     *
     * @param limit how many canonicalized octets count ({@code l=}); empty for all
     */
    public record Wanted(Canonicalization canonicalization, OptionalLong limit) {
        /** The whole body. */
        public static Wanted whole(Canonicalization canonicalization) {
            return new Wanted(canonicalization, OptionalLong.empty());
        }
    }

    /** A hash and the size of the whole canonicalized body. */
    private static final class Hash {
        private final byte[] sha256;
        private final long canonicalOctets;

        Hash(byte[] sha256, long canonicalOctets) {
            this.sha256 = sha256;
            this.canonicalOctets = canonicalOctets;
        }
    }

    /** Reads the body to its end, once. */
    public static BodyHashes of(InputStream body, Collection<Wanted> wanted) throws IOException {
        Map<Wanted, Digester> digesters = new LinkedHashMap<>();
        for (Wanted each : new LinkedHashSet<>(wanted)) {
            digesters.put(each, new Digester(each));
        }
        if (!digesters.isEmpty()) {
            Map<Canonicalization, BodyCanonicalizer> canonicalizers = new HashMap<>();
            for (Canonicalization kind : Canonicalization.values()) {
                var sinks = digesters.values().stream().filter(digester -> digester.wanted.canonicalization() == kind).toList();
                if (!sinks.isEmpty()) {
                    canonicalizers.put(kind, new BodyCanonicalizer(kind,
                            (octets, offset, length) -> sinks.forEach(sink -> sink.update(octets, offset, length))));
                }
            }
            byte[] buffer = new byte[FIRST_READ_OCTETS];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                for (BodyCanonicalizer canonicalizer : canonicalizers.values()) {
                    canonicalizer.update(buffer, 0, read);
                }
                if (read == buffer.length && read < READ_OCTETS) {
                    buffer = new byte[READ_OCTETS];
                }
            }
            canonicalizers.values().forEach(BodyCanonicalizer::finish);
        }
        Map<Wanted, Hash> hashes = new HashMap<>();
        digesters.forEach((each, digester) -> hashes.put(each, digester.finish()));
        return new BodyHashes(hashes);
    }

    /** The hash that was asked for; a new array each time. */
    public byte[] sha256(Wanted wanted) {
        return find(wanted).sha256.clone();
    }

    /** How large the whole body is after canonicalization. */
    public long canonicalOctets(Wanted wanted) {
        return find(wanted).canonicalOctets;
    }

    private Hash find(Wanted wanted) {
        Hash hash = hashes.get(wanted);
        if (hash == null) {
            throw new IllegalArgumentException("this hash was not asked for: " + wanted);
        }
        return hash;
    }

    /** A new SHA-256, which every JDK has. */
    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Digester {
        private final Wanted wanted;
        private final MessageDigest digest = newSha256();
        private long octets;

        Digester(Wanted wanted) {
            this.wanted = wanted;
        }

        void update(byte[] buffer, int offset, int length) {
            long left = wanted.limit().orElse(Long.MAX_VALUE) - octets;
            if (left > 0) {
                digest.update(buffer, offset, (int) Math.min(left, length));
            }
            octets += length;
        }

        Hash finish() {
            return new Hash(digest.digest(), octets);
        }
    }
}
