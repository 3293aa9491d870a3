package io.mailserver.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import io.mailserver.simulation.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-11-22T10:00:00Z"));

    @TempDir
    Path data;

    @Test
    void saysWhoHoldsIt() {
        try (DataLock lock = DataLock.take(data, "start --domain example.com", time)) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> DataLock.take(data, "status", time))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("(start --domain example.com) since 2026-11-22T10:00:00Z");
        }
    }

    @Test
    void isFreeAgainAfterClose() {
        DataLock.take(data, "one", time).close();
        try (DataLock lock = DataLock.take(data, "two", time)) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void isReadableByItsOwnerOnly() throws Exception {
        try (DataLock lock = DataLock.take(data, "start", time)) {
            assertThat(lock).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("lock")))).isEqualTo("rw-------");
        }
    }
}
