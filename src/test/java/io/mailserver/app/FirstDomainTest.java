package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.LoginLimits;
import io.mailserver.account.Resolution;
import io.mailserver.base.Domain;
import io.mailserver.config.AuthConfig;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import io.mailserver.smtp.Address;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstDomainTest {
    private static final Domain EXAMPLE = new Domain("example.com");
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));
    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path path;

    private DataFolder data;

    @BeforeEach
    void open() {
        LoginLimits limits = LoginLimits.of(AuthConfig.defaults());
        data = DataFolder.open(path, DataLock.take(path, "test", time), limits, random, time, new RecordingLog());
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void makesDomainAndPostmasterOnce() {
        FirstDomain.Postmaster made = FirstDomain.make(EXAMPLE, data.accounts(), random).orElseThrow();
        assertThat(made.account().address()).hasToString("postmaster@example.com");
        assertThat(made.password()).hasSizeGreaterThan(16);
        assertThat(FirstDomain.make(EXAMPLE, data.accounts(), random)).isEmpty();
    }

    @Test
    void letsAbuseReachThePostmaster() {
        FirstDomain.make(EXAMPLE, data.accounts(), random);
        assertThat(data.accounts().directory().resolve(Address.of("abuse", EXAMPLE))).isInstanceOf(Resolution.Local.class);
    }

    @Test
    void leavesAFurtherDomainToTheFirstPostmaster() {
        FirstDomain.make(EXAMPLE, data.accounts(), random);
        assertThat(FirstDomain.make(new Domain("example.net"), data.accounts(), random)).isEmpty();
    }
}
