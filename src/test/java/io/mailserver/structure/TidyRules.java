package io.mailserver.structure;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** The rules of {@link TidyTest}, by name; each looks at one source and returns what it finds. */
final class TidyRules {
    static final int MAX_FILE_LINES = 600;
    static final int MAX_FUNCTION_LINES = 60;
    static final int MAX_LINE_LENGTH = 140;

    /** What a rule objects to, and where. */
    record Finding(String path, int line, String what) {
        @Override
        public String toString() {
            return path + ":" + line + ": " + what;
        }
    }

    static final Map<String, Function<SourceFile, List<Finding>>> RULES = rules();

    private static final Set<String> CLOCK_TYPES = Set.of("Instant", "LocalDate", "LocalTime", "LocalDateTime", "ZonedDateTime",
            "OffsetDateTime", "Year", "YearMonth");
    private static final Set<String> CONSOLE_PACKAGES = Set.of("log", "cli", "app");
    private static final Pattern VAGUE_NAME = Pattern.compile(".*(Manager|Helper|Helpers|Util|Utils|Impl|Utility)");
    /** In pieces, so that this file does not trip over itself. */
    private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    private static final Pattern ANY_RFC = Pattern.compile("(?i)\\brfc[ _:#-]*\\d+(?<after>.{0,12})");
    private static final Pattern GOOD_RFC = Pattern.compile("RFC \\d{3,5}(?!\\d).*");
    private static final Pattern BAD_SECTION = Pattern.compile("(?i)[,;:]? ?(\\(?sect(ion|\\.)|sec\\.? ?\\d|\\d+\\.\\d|, ?§|§ ).*");

    private TidyRules() {}

    private static Map<String, Function<SourceFile, List<Finding>>> rules() {
        Map<String, Function<SourceFile, List<Finding>>> rules = new LinkedHashMap<>();
        rules.put("file-length", TidyRules::fileLength);
        rules.put("line-length", TidyRules::lineLength);
        rules.put("function-length", TidyRules::functionLength);
        rules.put("clock", TidyRules::clock);
        rules.put("sleep", source -> calls(source, Set.of("Thread.sleep"), "sleeping: wait for an event or move the clock"));
        rules.put("console", TidyRules::console);
        rules.put("print-stack-trace", TidyRules::printStackTrace);
        rules.put("synchronized", TidyRules::synchronization);
        rules.put("vague-name", TidyRules::vagueName);
        rules.put("static-state", TidyRules::staticState);
        rules.put("leftover", TidyRules::leftover);
        rules.put("rfc-form", TidyRules::rfcForm);
        rules.put("package-info", TidyRules::packageInfo);
        return rules;
    }

    private static List<Finding> fileLength(SourceFile source) {
        int lines = source.lineCount();
        return lines <= MAX_FILE_LINES
                ? List.of()
                : List.of(new Finding(source.path(), 1, lines + " lines; at most " + MAX_FILE_LINES));
    }

    private static List<Finding> lineLength(SourceFile source) {
        List<Finding> found = new ArrayList<>();
        int number = 0;
        for (String line : source.text().split("\n", -1)) {
            number++;
            if (line.length() > MAX_LINE_LENGTH) {
                found.add(new Finding(source.path(), number, line.length() + " characters; at most " + MAX_LINE_LENGTH));
            }
        }
        return found;
    }

    private static List<Finding> functionLength(SourceFile source) {
        SourcePositions positions = source.trees().getSourcePositions();
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                int first = source.lineOf(positions.getStartPosition(source.tree(), method));
                int last = source.lineOf(positions.getEndPosition(source.tree(), method));
                if (last - first + 1 > MAX_FUNCTION_LINES) {
                    add(method, method.getName() + " has " + (last - first + 1) + " lines; at most " + MAX_FUNCTION_LINES);
                }
                return super.visitMethod(method, null);
            }
        });
    }

    /** Only {@code base} reads the machine's clock (and tests of it, and load tools, which measure real time). */
    private static List<Finding> clock(SourceFile source) {
        if (!source.inMain() || source.packageName().equals("base")) {
            return List.of();
        }
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
                String select = call.getMethodSelect().toString();
                boolean systemClock = select.equals("System.currentTimeMillis") || select.equals("System.nanoTime")
                        || select.startsWith("Clock.system");
                boolean now = call.getMethodSelect() instanceof MemberSelectTree member
                        && member.getIdentifier().contentEquals("now")
                        && CLOCK_TYPES.contains(member.getExpression().toString())
                        && call.getArguments().isEmpty();
                if (systemClock || now) {
                    add(call, select + ": base.Time is the only clock");
                }
                return super.visitMethodInvocation(call, null);
            }
        });
    }

    private static List<Finding> console(SourceFile source) {
        if (!source.inMain() || CONSOLE_PACKAGES.contains(source.packageName())) {
            return List.of();
        }
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitMemberSelect(MemberSelectTree member, @Nullable Void unused) {
                String select = member.toString();
                if (select.equals("System.out") || select.equals("System.err")) {
                    add(member, select + ": only log, cli and app write to the console");
                }
                return super.visitMemberSelect(member, null);
            }
        });
    }

    private static List<Finding> printStackTrace(SourceFile source) {
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
                if (call.getMethodSelect() instanceof MemberSelectTree member
                        && member.getIdentifier().contentEquals("printStackTrace") && call.getArguments().isEmpty()) {
                    add(call, "printStackTrace: handle it or log it with its cause");
                }
                return super.visitMethodInvocation(call, null);
            }
        });
    }

    private static List<Finding> synchronization(SourceFile source) {
        if (!source.inMain()) {
            return List.of();
        }
        String advice = "synchronized: use a ReentrantLock or a single owner";
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
                    add(method, advice);
                }
                return super.visitMethod(method, null);
            }

            @Override
            public @Nullable Void visitSynchronized(SynchronizedTree block, @Nullable Void unused) {
                add(block, advice);
                return super.visitSynchronized(block, null);
            }
        });
    }

    private static List<Finding> vagueName(SourceFile source) {
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
                String name = type.getSimpleName().toString();
                if (VAGUE_NAME.matcher(name).matches()) {
                    add(type, name + ": say what it is, not that it helps or manages");
                }
                return super.visitClass(type, null);
            }
        });
    }

    /** No static variables in the product; a static final that is changed is caught by Error Prone and by reading. */
    private static List<Finding> staticState(SourceFile source) {
        if (!source.inMain()) {
            return List.of();
        }
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitVariable(VariableTree variable, @Nullable Void unused) {
                Set<Modifier> flags = variable.getModifiers().getFlags();
                if (flags.contains(Modifier.STATIC) && !flags.contains(Modifier.FINAL)) {
                    add(variable, variable.getName() + ": no static mutable state");
                }
                return super.visitVariable(variable, null);
            }
        });
    }

    private static List<Finding> leftover(SourceFile source) {
        List<Finding> found = new ArrayList<>();
        for (SourceFile.CommentLine comment : source.comments()) {
            Matcher leftover = LEFTOVER.matcher(comment.text());
            if (leftover.find()) {
                found.add(new Finding(source.path(), comment.line(), leftover.group() + ": do it, or write it into docs/status.md"));
            }
        }
        return found;
    }

    /** Citations read {@code RFC 5321 §4.5.2} (several sections: {@code RFC 5321 §4.5.2, §4.5.3}), so that they can be searched. */
    private static List<Finding> rfcForm(SourceFile source) {
        List<Finding> found = new ArrayList<>();
        for (SourceFile.CommentLine comment : source.comments()) {
            Matcher citation = ANY_RFC.matcher(comment.text());
            while (citation.find()) {
                boolean good = GOOD_RFC.matcher(citation.group()).matches()
                        && !BAD_SECTION.matcher(citation.group("after").stripLeading()).matches();
                if (!good) {
                    found.add(new Finding(source.path(), comment.line(), "write RFC 5321 §4.5.2, not: " + citation.group().strip()));
                }
            }
        }
        return found;
    }

    private static List<Finding> packageInfo(SourceFile source) {
        if (!source.isPackageInfo() || source.text().contains("@NullMarked")) {
            return List.of();
        }
        return List.of(new Finding(source.path(), 1, "package-info without @NullMarked"));
    }

    private static List<Finding> calls(SourceFile source, Set<String> banned, String advice) {
        return scan(source, new Collector(source) {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
                if (banned.contains(call.getMethodSelect().toString())) {
                    add(call, call.getMethodSelect() + ": " + advice);
                }
                return super.visitMethodInvocation(call, null);
            }
        });
    }

    private static List<Finding> scan(SourceFile source, Collector collector) {
        collector.scan(source.tree(), null);
        return collector.found;
    }

    private abstract static class Collector extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final SourceFile source;
        private final List<Finding> found = new ArrayList<>();

        Collector(SourceFile source) {
            this.source = source;
        }

        void add(Tree where, String what) {
            long position = source.trees().getSourcePositions().getStartPosition(source.tree(), where);
            found.add(new Finding(source.path(), source.lineOf(position), what));
        }
    }
}
