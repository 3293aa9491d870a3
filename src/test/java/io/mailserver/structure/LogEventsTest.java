package io.mailserver.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The log events in the source and the table of them in {@code docs/testing-and-debugging.md} are the same. */
class LogEventsTest {
    private static final Path PAGE = Path.of("docs/testing-and-debugging.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9.-]+)` \\| (\\w+) \\|");
    private static final Pattern EVENT = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
    private static final Map<String, String> LEVEL_OF_METHOD = Map.of("say", "notice", "info", "info", "warn", "warn", "error", "error");

    /** Written by the log about itself. */
    private static final Map<String, String> WITHOUT_A_CALL = Map.of("log.dropped", "warn");

    private static Map<String, Set<String>> logged = Map.of();
    private static Map<String, String> documented = Map.of();

    @BeforeAll
    static void read() throws IOException {
        logged = new TreeMap<>();
        WITHOUT_A_CALL.forEach((event, level) -> logged.put(event, Set.of(level)));
        for (SourceFile source : SourceFile.parseAll(Path.of("").toAbsolutePath())) {
            if (source.inMain()) {
                source.tree().accept(new EventCalls(), null);
            }
        }
        documented = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            documented.put(row.group(1), row.group(2));
        }
    }

    @Test
    void everyEventIsInTheTable() {
        Map<String, Set<String>> missing = new TreeMap<>(logged);
        missing.keySet().removeAll(documented.keySet());
        assertThat(missing).as("events without a row in " + PAGE).isEmpty();
    }

    @Test
    void theTableHasNoEventThatNobodyLogs() {
        Set<String> stale = new TreeSet<>(documented.keySet());
        stale.removeAll(logged.keySet());
        assertThat(stale).as("rows of " + PAGE + " whose event is not in src/main").isEmpty();
    }

    @Test
    void theTableHasTheLevels() {
        documented.forEach((event, level) -> assertThat(logged.getOrDefault(event, Set.of(level))).as(event).containsExactly(level));
    }

    /** Finds {@code log.say("...", "event", ...)} and its siblings; in a choice of names, both. */
    private static final class EventCalls extends TreeScanner<@Nullable Void, @Nullable Void> {
        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
            String method = call.getMethodSelect() instanceof MemberSelectTree member ? member.getIdentifier().toString() : "";
            String level = LEVEL_OF_METHOD.get(method);
            int at = method.equals("say") ? 1 : 0;
            if (level != null && call.getArguments().size() > at) {
                for (String name : literals(call.getArguments().get(at))) {
                    if (EVENT.matcher(name).matches()) {
                        logged.computeIfAbsent(name, key -> new TreeSet<>()).add(level);
                    }
                }
            }
            return super.visitMethodInvocation(call, null);
        }

        private static List<String> literals(ExpressionTree expression) {
            List<String> found = new ArrayList<>();
            expression.accept(new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void unused) {
                    if (literal.getValue() instanceof String text) {
                        found.add(text);
                    }
                    return null;
                }
            }, null);
            return found;
        }
    }
}
