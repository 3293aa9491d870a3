package io.mailserver.peer;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A whole server and a browser for each test; one test after the other, since browsers are large. */
@Tag("peer")
@Timeout(300)
@Execution(ExecutionMode.SAME_THREAD)
abstract class InTheBrowser {
    /** How many conversations the list shows. */
    static final String ROWS = "document.querySelectorAll('.row:not(.skeleton)').length";

    @TempDir
    Path folder;

    WebmailServer server;

    @BeforeEach
    void start() throws Exception {
        server = new WebmailServer(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
