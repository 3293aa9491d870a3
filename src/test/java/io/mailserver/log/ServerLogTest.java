package io.mailserver.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailserver.base.OperatorException;
import io.mailserver.simulation.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServerLogTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void whatIsSaidAppearsAsItIs() {
        assertThat(console(Level.NOTICE, log -> log.say("[READY] Mail server running", "server.ready")))
                .containsExactly("[READY] Mail server running");
    }

    @Test
    void warningsAreReadableLinesWithFields() {
        assertThat(console(Level.NOTICE, log -> log.warn("disk.low", "free", 12, "path", "/var/lib/mail server")))
                .containsExactly("[WARN] disk.low free=12 path=\"/var/lib/mail server\"");
    }

    @Test
    void ordinaryEventsNeedLevelInfo() {
        Consumer<EventLog> event = log -> log.info("smtp.connected", "client", "192.0.2.1");

        assertThat(console(Level.NOTICE, event)).isEmpty();
        assertThat(console(Level.INFO, event)).containsExactly("[INFO] smtp.connected client=192.0.2.1");
    }

    @Test
    void levelWarnSilencesWhatIsSaid() {
        assertThat(console(Level.WARN, log -> log.say("[STORE] x", "store.saved"))).isEmpty();
    }

    @Test
    void aChangedLevelHoldsFromThenOn() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ServerLog log = new ConsoleLog(out, Level.ERROR)) {
            log.warn("first");
            log.level(Level.WARN);
            log.warn("second");
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[WARN] second\n");
    }

    @Test
    void troubleIsWrittenWithoutAStackTrace() {
        Exception cause = new IOException("disk gone", new IOException("cable"));

        assertThat(console(Level.NOTICE, log -> log.error("store.failed", cause)))
                .containsExactly("[ERROR] store.failed cause=\"IOException: disk gone; caused by IOException: cable\"");
        assertThat(console(Level.NOTICE, log -> log.error("start.failed", new OperatorException("no", "yes")))).hasSize(1);
    }

    @Test
    void aBugIsWrittenWithItsStackTrace() {
        List<String> lines = console(Level.NOTICE, log -> log.error("session.bug", new IllegalStateException("x")));

        assertThat(lines.getFirst()).isEqualTo("[ERROR] session.bug cause=\"IllegalStateException: x\"");
        assertThat(lines.get(1)).startsWith("    at io.mailserver.log.ServerLogTest.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n[READY] forged", "\n", "\r", "\0",
             "\u001b[2J", "\u0085", "\u2028", "\u2029", "\u202e", "\u009b1m", "\u007f"})
    void noValueEndsALineOrMovesTheCursor(String hostile) {
        for (LogFormat format : LogFormat.values()) {
            List<String> lines = lines(format, Level.INFO, log -> {
                log.say("said " + hostile, "test.said", "value", hostile);
                log.info("test.event", "value", "a" + hostile + "b");
                log.error("test.failed", new IllegalStateException(hostile));
            });
            assertThat(lines.stream().filter(line -> !line.startsWith("    at "))).hasSize(3);
            assertThat(lines).noneMatch(line -> line.contains(hostile));
        }
    }

    @Test
    void aValueCannotLookLikeAnotherField() {
        assertThat(console(Level.NOTICE, log -> log.warn("w", "helo", "x\" user=\"root", "a", "b=c")))
                .containsExactly("[WARN] w helo=\"x\\\" user=\\\"root\" a=\"b=c\"");
    }

    @Test
    void theContextIsAddedToEveryLine() {
        Consumer<EventLog> event = log -> LogContext.ofSession("s1").withMessage("m2").run(() -> log.warn("w", "a", 1));

        assertThat(console(Level.NOTICE, event)).containsExactly("[WARN] w session=s1 message=m2 a=1");
        JsonNode object = json(event).getFirst();
        assertThat(object.get("session").asString()).isEqualTo("s1");
        assertThat(object.get("message").asString()).isEqualTo("m2");
    }

    @Test
    void anEventsOwnSessionFieldReplacesTheContexts() {
        Consumer<EventLog> event = log -> LogContext.ofSession("s1").run(() -> log.warn("w", "session", "s9"));

        assertThat(console(Level.NOTICE, event)).containsExactly("[WARN] w session=s9");
        assertThat(json(event).getFirst().get("session").asString()).isEqualTo("s9");
    }

    @Test
    void jsonHasTimeLevelEventTextAndFields() {
        assertThat(lines(LogFormat.JSON, Level.NOTICE, log -> log.say("[X] \"y\\", "x.y", "count", 3, "ok", true, "name", "ö€😀")))
                .containsExactly("{\"time\":\"2026-01-02T03:04:05.006007Z\",\"level\":\"NOTICE\",\"event\":\"x.y\","
                        + "\"text\":\"[X] \\\"y\\\\\",\"count\":3,\"ok\":true,\"name\":\"ö€😀\"}");
    }

    @Test
    void jsonKeepsEveryCharacterOfAValue() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 0x3000; c++) {
            all.append(c);
        }
        for (int from = 0; from < all.length(); from += 0x400) {
            String value = all.substring(from, from + 0x400);
            assertThat(json(log -> log.warn("w", "value", value)).getFirst().get("value").asString()).isEqualTo(value);
        }
    }

    @Test
    void jsonFieldsCannotReplaceTheReservedOnes() {
        JsonNode object = json(log -> log.warn("w", "time", "never", "level", "x")).getFirst();

        assertThat(object.get("time").asString()).startsWith("2026-");
        assertThat(object.get("time_").asString()).isEqualTo("never");
        assertThat(object.get("level").asString()).isEqualTo("WARN");
    }

    @Test
    void jsonCarriesTheStackOfABug() {
        JsonNode object = json(log -> log.error("w", new IllegalStateException("x"))).getFirst();

        assertThat(object.get("cause").asString()).isEqualTo("IllegalStateException: x");
        assertThat(object.get("stack").asString()).contains("ServerLogTest");
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void longValuesAreCut(LogFormat format) {
        List<String> lines = lines(format, Level.NOTICE, log -> {
            log.warn("w", "value", "x".repeat(1_000_000));
            log.say("x".repeat(1_000_000), "s");
        });
        assertThat(lines).hasSize(2).allMatch(line -> line.length() < 70_000);
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void oddFieldsAndNullsDoNoHarm(LogFormat format) {
        assertThat(lines(format, Level.NOTICE, log -> log.warn("w", "lonely"))).hasSize(1);
    }

    private static List<String> console(Level level, Consumer<EventLog> use) {
        return lines(LogFormat.CONSOLE, level, use);
    }

    private static List<JsonNode> json(Consumer<EventLog> use) {
        return lines(LogFormat.JSON, Level.NOTICE, use).stream().map(JSON::readTree).toList();
    }

    private static List<String> lines(LogFormat format, Level level, Consumer<EventLog> use) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ServerLog log = format.open(out, new ManualTime(Instant.parse("2026-01-02T03:04:05.006007Z")), level)) {
            use.accept(log);
        }
        String text = out.toString(StandardCharsets.UTF_8);
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }
}
