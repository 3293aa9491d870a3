package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.account.Directory;
import io.mailserver.account.Resolution;
import io.mailserver.base.Domain;
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
    private Directory directory;

    @BeforeEach
    void open() {
        data = DataFolder.open(path, DataLock.take(path, "test", time), random, time);
        directory = new Directory(data.database(), new RecordingLog());
    }

    @AfterEach
    void close() {
        data.close();
    }

    @Test
    void makesDomainAndPostmasterOnce() {
        FirstDomain.Postmaster made = FirstDomain.make(EXAMPLE, data, directory, random).orElseThrow();
        assertThat(made.account().address()).hasToString("postmaster@example.com");
        assertThat(made.password()).hasSizeGreaterThan(16);
        assertThat(FirstDomain.make(EXAMPLE, data, directory, random)).isEmpty();
    }

    @Test
    void letsAbuseReachThePostmaster() {
        FirstDomain.make(EXAMPLE, data, directory, random);
        assertThat(directory.resolve(Address.of("abuse", EXAMPLE))).isInstanceOf(Resolution.Local.class);
    }

    @Test
    void leavesAFurtherDomainToTheFirstPostmaster() {
        FirstDomain.make(EXAMPLE, data, directory, random);
        assertThat(FirstDomain.make(new Domain("example.net"), data, directory, random)).isEmpty();
    }
}
