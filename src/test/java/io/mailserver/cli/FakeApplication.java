package io.mailserver.cli;

import io.mailserver.base.Time;
import io.mailserver.config.Config;
import io.mailserver.simulation.ManualTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Notes what the command line asks for, and answers what the test says. */
final class FakeApplication implements Application {
    final List<String> asked = new ArrayList<>();
    Time time = new ManualTime(Instant.parse("2026-01-02T03:04:05Z"));
    Outcome outcome = new Outcome(true, List.of(), JsonNodeFactory.instance.nullNode(), "");
    /** Those of single operations, before {@link #outcome}. */
    final Map<String, Outcome> outcomes = new HashMap<>();

    @Override
    public String version() {
        return "mailserver 1.2.3";
    }

    @Override
    public int start(Settings settings, StartOptions options) {
        asked.add("start " + options.domain().orElse("-") + " " + settings.sets());
        return 0;
    }

    @Override
    public Backend connect(Settings settings) {
        asked.add("connect " + settings.data().map(Path::toString).orElse("-") + " "
                + settings.config().map(Path::toString).orElse("-") + " " + settings.sets());
        return new Backend() {
            @Override
            public Outcome run(String operation, JsonNode arguments, @Nullable Consumer<String> live) {
                asked.add(operation + " " + arguments);
                return outcomes.getOrDefault(operation, outcome);
            }

            @Override
            public void awaitEnd() {
                asked.add("await end");
            }

            @Override
            public void close() {
                asked.add("close");
            }
        };
    }

    @Override
    public List<String> install(Path root) {
        return List.of("installed below " + root);
    }

    @Override
    public List<String> uninstall(Path root) {
        return List.of("uninstalled below " + root);
    }

    @Override
    public Config config(Settings settings) {
        return Config.defaults();
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public List<String> firewall(Settings settings) {
        return List.of("rules for " + settings.sets());
    }
}
