package io.mailserver.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which passwords were right, so that a client that connects often does not cost a hash each time. Kept is an HMAC of the
 * password under a key that only this process knows, and which stored hash it matched: when that hash is no longer the account's, the
 * entry is worth nothing. Safe for use by any thread.
 */
final class VerifiedSecrets {
    private static final int MAX_REMEMBERED = 20_000;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, String> matched = new RecentlyUsed<>(MAX_REMEMBERED);

    VerifiedSecrets(SecureRandom random) {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        key = new SecretKeySpec(octets, ALGORITHM);
    }

    /** Which of the account's present passwords this was found to be before. */
    Optional<CredentialTable.Stored> find(long accountId, String prepared, List<CredentialTable.Stored> present) {
        ByteBuffer fingerprint = fingerprint(Long.toString(accountId), prepared);
        String hash;
        lock.lock();
        try {
            hash = matched.get(fingerprint);
        } finally {
            lock.unlock();
        }
        return hash == null
                ? Optional.empty()
                : present.stream()
                        .filter(stored -> stored.secret().argon2id().format().equals(hash))
                        .findFirst();
    }

    void remember(long accountId, String prepared, CredentialTable.Stored right) {
        ByteBuffer fingerprint = fingerprint(Long.toString(accountId), prepared);
        lock.lock();
        try {
            matched.put(fingerprint, right.secret().argon2id().format());
        } finally {
            lock.unlock();
        }
    }

    /** Equal for equal owner and password; tells nothing of them without the key. */
    ByteBuffer fingerprint(String owner, String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(owner.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return ByteBuffer.wrap(mac.doFinal(password.getBytes(StandardCharsets.UTF_8))).asReadOnlyBuffer();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
