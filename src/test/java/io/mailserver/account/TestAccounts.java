package io.mailserver.account;

import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/** Account systems for tests of other packages: hashes cost next to nothing, and failed logins are answered at once. */
public final class TestAccounts {
    private TestAccounts() {}

    /** The system of a data folder. */
    public static AccountSystem open(Path data, Time time, EventLog log) throws IOException {
        SecureRandom random = new SecureRandom();
        PasswordHasher cheap = new PasswordHasher(random, new Argon2Hash.Cost(8, 1, 1), 4096);
        LoginLimits limits = new LoginLimits(
                100, Duration.ofSeconds(1), Duration.ofSeconds(4), 10, 20, Duration.ofMinutes(15), Duration.ofMinutes(15));
        return AccountSystem.open(data, cheap, limits, random, time, log);
    }
}
