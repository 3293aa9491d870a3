package io.mailserver.account;

import io.mailserver.base.PlatformPool;
import io.mailserver.sasl.ScramKeys;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Computes password hashes, so many at once as there are processors to spare, on threads of its own: a hash takes some 40 ms of
 * processor and 19 MiB, and would stop all virtual threads meanwhile. What cannot begin within a few seconds is refused.
 *
 * <p>Safe for use by any thread. Closed by whoever made it.
 */
public final class PasswordHasher implements AutoCloseable {
    /** At 25 hashes a second and thread: what can be done within some 3 s. */
    private static final int MAX_WAITING = 64;

    private static final int SALT_OCTETS = 16;

    /**
     * Offline, a guess against the SCRAM keys must not be much cheaper than one against the Argon2id hash; a phone still computes this
     * in a tenth of a second (docs/decisions/0402-passwords.md).
     */
    private static final int SCRAM_ITERATIONS = 100_000;

    private final Argon2Hash.Cost cost;
    private final int scramIterations;
    private final SecureRandom random;
    private final PlatformPool threads;
    private final AtomicLong hashes = new AtomicLong();

    public PasswordHasher(SecureRandom random) {
        this(random, Argon2Hash.Cost.STANDARD, SCRAM_ITERATIONS);
    }

    PasswordHasher(SecureRandom random, Argon2Hash.Cost cost, int scramIterations) {
        this.random = random;
        this.cost = cost;
        this.scramIterations = scramIterations;
        int processors = Runtime.getRuntime().availableProcessors();
        this.threads = new PlatformPool("password-hash", Math.max(1, processors / 2), MAX_WAITING);
    }

    /** The cost of new hashes; stored ones that differ are replaced when their owner logs in. */
    Argon2Hash.Cost cost() {
        return cost;
    }

    /** How many Argon2id hashes were computed since the start. */
    public long hashes() {
        return hashes.get();
    }

    /**
     * Hashes a password that is being set.
     *
     * @param sibling what is kept of another password of the same account: its salts are used again, so that one computation, and one
     *     challenge to a SCRAM client, tells which of an account's passwords was given; nothing but the equality of two of them could be
     *     learned from that
     */
    Secret derive(String preparedPassword, Optional<Secret> sibling) throws IOException {
        byte[] salt = sibling.map(Secret::argon2id)
                .filter(hash -> hash.cost().equals(cost))
                .map(Argon2Hash::salt)
                .orElseGet(this::newSalt);
        byte[] scramSalt = sibling.map(Secret::scram)
                .filter(keys -> keys.iterations() == scramIterations)
                .map(ScramKeys::salt)
                .orElseGet(this::newSalt);
        return threads.call(() ->
                new Secret(compute(preparedPassword, salt, cost), ScramKeys.derive(preparedPassword, scramSalt, scramIterations)));
    }

    /** How often SCRAM hashes a new password. */
    int scramIterations() {
        return scramIterations;
    }

    /** Hashes what somebody gave as password, as {@code like} was hashed. */
    Argon2Hash hashLike(String preparedPassword, Argon2Hash like) throws IOException {
        return threads.call(() -> compute(preparedPassword, like.salt(), like.cost()));
    }

    /** A hash that no password has, for names that nobody has: looking at it takes as long as at a real one. */
    Argon2Hash nobodys() {
        return new Argon2Hash(cost, newSalt(), newSalt());
    }

    /** Waits for computations under way. */
    @Override
    public void close() {
        threads.close();
    }

    private Argon2Hash compute(String preparedPassword, byte[] salt, Argon2Hash.Cost withCost) {
        hashes.incrementAndGet();
        return Argon2Hash.compute(preparedPassword, salt, withCost);
    }

    private byte[] newSalt() {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return salt;
    }
}
