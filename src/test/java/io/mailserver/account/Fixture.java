package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A directory in a temporary folder, with a clock moved by hand and hashes that cost next to nothing. */
final class Fixture implements AutoCloseable {
    static final String PASSWORD = "correct horse";
    static final Argon2Hash.Cost CHEAP = new Argon2Hash.Cost(8, 1, 1);

    static final LoginLimits LIMITS = new LoginLimits(
            3, Duration.ofSeconds(1), Duration.ofSeconds(4), 10, 20, Duration.ofMinutes(15), Duration.ofMinutes(15));

    final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    final RecordingLog log = new RecordingLog();
    final SystemDatabase database;
    final PasswordHasher hasher;
    final Domains domains;
    final Credentials credentials;
    final Accounts accounts;
    final Aliases aliases;
    final Directory directory;
    final LoginThrottle throttle;
    final Authenticator authenticator;
    final AccessTokens tokens;

    Fixture(Path folder) throws IOException {
        this(folder, CHEAP);
    }

    Fixture(Path folder, Argon2Hash.Cost cost) throws IOException {
        SecureRandom random = new SecureRandom();
        database = SystemDatabase.open(folder);
        hasher = new PasswordHasher(random, cost, 4096);
        domains = new Domains(database, time);
        credentials = new Credentials(database, hasher, time);
        accounts = new Accounts(database, credentials, time);
        aliases = new Aliases(database, time);
        directory = new Directory(database, log);
        throttle = new LoginThrottle(LIMITS, time);
        authenticator = new Authenticator(database, hasher, throttle, random, time, log);
        tokens = new AccessTokens(database, authenticator, random, time, log);
    }

    /** With domain example.com and these accounts in it, all with {@link #PASSWORD}. */
    static Fixture with(Path folder, String... names) throws IOException {
        Fixture fixture = new Fixture(folder);
        fixture.domain("example.com");
        for (String name : names) {
            fixture.account(name + "@example.com");
        }
        return fixture;
    }

    void domain(String name) throws IOException {
        domains.add(Domain.parse(name).orElseThrow());
    }

    Account account(String address) throws IOException {
        return accounts.add(address, PASSWORD, "", Quota.NONE);
    }

    Resolution resolve(String address) {
        int at = address.lastIndexOf('@');
        return directory.resolve(Address.of(
                address.substring(0, at), Domain.parse(address.substring(at + 1)).orElseThrow()));
    }

    /** The addresses of the accounts that get mail for {@code address}; empty if nobody does. */
    List<String> accountsFor(String address) {
        return resolve(address) instanceof Resolution.Local local
                ? local.accounts().stream().map(ref -> ref.address().toString()).toList()
                : List.of();
    }

    @Override
    public void close() throws IOException {
        database.close();
        hasher.close();
    }
}
