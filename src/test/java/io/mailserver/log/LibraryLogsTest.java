package io.mailserver.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LibraryLogsTest {
    @Test
    void warningsAndErrorsOfLibrariesBecomeEvents() {
        RecordingLog log = new RecordingLog();
        LibraryLogs.routeTo(log);

        org.slf4j.Logger slf4j = LoggerFactory.getLogger("test.slf4j");
        slf4j.info("not told");
        slf4j.warn("a {} of {}", "warning", "slf4j");
        slf4j.error("an error", new IOException("why"));
        Logger jul = Logger.getLogger("test.jul");
        jul.info("not told");
        jul.log(Level.WARNING, "a warning of {0}", "jul");
        jul.log(Level.SEVERE, "an error", new IOException("why"));

        List<String> told = log.all().stream()
                .filter(event -> event.field("logger").startsWith("test."))
                .map(event -> event.event() + " " + event.field("logger") + " " + event.field("reason") + " " + event.cause())
                .toList();
        assertThat(told).containsExactly(
                "library.warning test.slf4j a warning of slf4j null",
                "library.error test.slf4j an error java.io.IOException: why",
                "library.warning test.jul a warning of jul null",
                "library.error test.jul an error java.io.IOException: why");
    }
}
