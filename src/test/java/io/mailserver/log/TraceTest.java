package io.mailserver.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailserver.base.OperatorException;
import io.mailserver.simulation.ManualTime;
import io.mailserver.simulation.RecordingLog;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    private final RecordingLog log = new RecordingLog();

    @TempDir
    private Path data;

    @Test
    void aTracedSessionReadsLikeADialogue() throws IOException {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        try (SessionTrace session = trace.session("s1", "SMTP:25", CLIENT)) {
            session.sent("220 mail.example.com ESMTP");
            time.advance(Duration.ofMillis(1500));
            session.received("EHLO client");
            session.note("TLS TLSv1.3");
            session.receivedSecret("AUTH PLAIN", 24);
            session.receivedContent(4096);
        }
        assertThat(Files.readString(data.resolve("trace/20260102T030405-s1.txt"))).isEqualTo("""
                # session s1 at SMTP:25 from 192.0.2.1, 2026-01-02T03:04:05Z
                S: 220 mail.example.com ESMTP
                # after 1.5 s
                C: EHLO client
                # TLS TLSv1.3
                C: AUTH PLAIN (secret, 24 octets)
                C: (content, 4096 octets)
                # the session ended
                """);
        assertThat(log.events("trace.file").getFirst().line()).contains("20260102T030405-s1.txt");
    }

    @Test
    void sessionsOfOthersAreNotTraced() throws IOException {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        try (SessionTrace session = trace.session("s1", "SMTP:25", OTHER)) {
            assertThat(session.on()).isFalse();
            session.received("EHLO client");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void anAccountIsTracedFromItsLoginOn() throws IOException {
        Trace trace = trace();
        trace.on(new Trace.Subject.Account("Alice@Example.com"), TEN_MINUTES);
        try (SessionTrace session = trace.session("s1", "SMTP:587", CLIENT)) {
            session.received("EHLO before");
            session.account("alice@example.com");
            session.received("MAIL FROM:<>");
        }
        assertThat(Files.readString(files().getFirst())).contains("C: MAIL FROM:<>").doesNotContain("before");
    }

    @Test
    void theAddressThatAProxyNamedCounts() throws IOException {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        try (SessionTrace session = trace.session("s1", "SMTP:25", OTHER)) {
            session.client(CLIENT);
            session.received("EHLO client");
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void aTraceEndsByItself() throws IOException {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        SessionTrace session = trace.session("s1", "SMTP:25", CLIENT);
        session.received("first");
        time.advance(TEN_MINUTES);
        session.received("second");

        assertThat(trace.rules()).isEmpty();
        assertThat(session.on()).isFalse();
        assertThat(Files.readString(files().getFirst())).contains("first").endsWith("# the trace was switched off\n");
    }

    @Test
    void switchingOnAgainProlongs() {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        time.advance(Duration.ofMinutes(5));
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        time.advance(Duration.ofMinutes(9));
        assertThat(trace.rules()).hasSize(1);

        time.advance(Duration.ofMinutes(1));
        assertThat(trace.rules()).isEmpty();
    }

    @Test
    void switchingOffEndsIt() {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);

        assertThat(trace.off(new Trace.Subject.Client(OTHER))).isFalse();
        assertThat(trace.off(new Trace.Subject.Client(CLIENT))).isTrue();
        assertThat(trace.session("s1", "SMTP:25", CLIENT).on()).isFalse();
    }

    @Test
    void tracesAreLimitedInNumberAndLength() {
        Trace trace = trace();
        for (int i = 0; i < Trace.MAX_RULES; i++) {
            trace.on(new Trace.Subject.Account("user" + i + "@example.com"), TEN_MINUTES);
        }
        Trace.Subject oneMore = new Trace.Subject.Client(CLIENT);
        assertThatThrownBy(() -> trace.on(oneMore, TEN_MINUTES)).isInstanceOf(OperatorException.class);
        assertThatThrownBy(() -> trace.on(oneMore, Duration.ofHours(25))).isInstanceOf(OperatorException.class);
        assertThatThrownBy(() -> trace.on(oneMore, Duration.ZERO)).isInstanceOf(OperatorException.class);
    }

    @Test
    void filesAreTheServersOwn() throws IOException {
        traceOneLine("s1", "x");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst()))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("trace")))).isEqualTo("rwx------");
    }

    @Test
    void aFileIsBounded() throws IOException {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        try (SessionTrace session = trace.session("s1", "SMTP:25", CLIENT)) {
            for (int i = 0; i < 2000; i++) {
                session.received("x".repeat(1000));
            }
        }
        assertThat(files()).hasSize(1);
        assertThat(Files.size(files().getFirst())).isBetween(1_000_000L, TraceFolder.MAX_FILE_OCTETS + 100L);
        assertThat(Files.readString(files().getFirst())).endsWith("# the trace is full\n");
    }

    @Test
    void theOldestFilesMakeRoom() throws IOException {
        for (int i = 0; i < TraceFolder.MAX_FILES + 3; i++) {
            traceOneLine("s" + i, "x");
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(files()).hasSize(TraceFolder.MAX_FILES);
        assertThat(files()).noneMatch(file -> file.toString().endsWith("-s0.txt"));
    }

    @Test
    void aDiskThatFailsEndsTheTraceAndNotTheSession() throws IOException {
        Files.writeString(data.resolve("trace"), "a file where the folder should be");

        traceOneLine("s1", "x");

        assertThat(log.events("trace.failed")).hasSize(1);
    }

    @Test
    void aLineCannotForgeAnother() throws IOException {
        traceOneLine("../s\u00001", "EHLO x\r\nS: 250 forged\u001b[0m");

        assertThat(files().getFirst().getFileName().toString()).isEqualTo("20260102T030405-___s_1.txt");
        assertThat(Files.readString(files().getFirst())).contains("C: EHLO x\\r\\nS: 250 forged\\u001b[0m\n");
    }

    private void traceOneLine(String id, String line) {
        Trace trace = trace();
        trace.on(new Trace.Subject.Client(CLIENT), TEN_MINUTES);
        try (SessionTrace session = trace.session(id, "SMTP:25", CLIENT)) {
            session.received(line);
            session.received(line);
        }
    }

    private Trace trace() {
        return new Trace(data.resolve("trace"), time, log);
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(data.resolve("trace"))) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(data.resolve("trace"))) {
            return new ArrayList<>(all.sorted().toList());
        }
    }
}
