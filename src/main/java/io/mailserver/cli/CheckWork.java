package io.mailserver.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command that does one thing with options and perhaps a file, or, with {@code --batch}, the same for each line of a list. */
final class CheckWork implements Command {
    private static final String BATCH = "--batch";
    private static final String FILE = "file";

    private final CommandSpec spec;
    private final Task task;
    private final List<String> names = new ArrayList<>();

    /** What is done. Throws {@link UsageException} where options are missing or wrong. */
    @FunctionalInterface
    interface Task {
        Result run(CheckOptions options, Call call) throws IOException;
    }

    /** What came of it. */
    interface Result {
        /** For a line of a batch, and for {@code --json}. */
        Map<String, Object> data();

        /** For people and pipes. */
        void print(Call call) throws IOException;
    }

    CheckWork(String name, String description, Task task) {
        this.spec = Command.spec(name, description, this);
        this.task = task;
        spec.addOption(OptionSpec.builder(BATCH)
                .type(boolean.class)
                .arity("0")
                .order(50)
                .description("One JSON object a line, from FILE or standard input, with options as keys, id and file; answers likewise.")
                .build());
        option("--dns", "ADDRESS:PORT", "The DNS server to ask; without it those of this machine.");
        option("--time", "SECONDS", "As of this time, in seconds since 1970.");
    }

    CheckWork option(String name, String label, String description) {
        spec.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .order(name.equals("--dns") ? 40 : name.equals("--time") ? 41 : names.size())
                .description(description)
                .build());
        names.add(name);
        return this;
    }

    /** Takes a file. */
    CheckWork file(String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .index("0")
                .arity("0..1")
                .type(String.class)
                .description(description)
                .build());
        return this;
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public int run(Call call) throws IOException {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : names) {
            if (call.words().hasMatchedOption(name)) {
                given.put(name, call.words().matchedOptionValue(name, ""));
            }
        }
        if (call.words().hasMatchedPositional(0)) {
            given.put(FILE, call.words().matchedPositionalValue(0, ""));
        }
        if (call.flag(BATCH)) {
            return new CheckBatch(task, call).run(given);
        }
        Result result = task.run(new CheckOptions(given, call.terminal().in()), call);
        if (call.json()) {
            call.terminal().out().println(CheckBatch.json(result.data()).toPrettyString());
        } else {
            result.print(call);
        }
        return DONE;
    }
}
