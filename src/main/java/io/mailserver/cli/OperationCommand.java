package io.mailserver.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A command that is one operation: its words become the operation's arguments, the outcome is printed. */
final class OperationCommand implements Command {
    private static final String RANDOM = "--random";

    private final String operation;
    private final CommandSpec spec;
    private final List<Option> options = new ArrayList<>();
    private final Map<String, String> flags = new LinkedHashMap<>();
    private final List<Positional> positionals = new ArrayList<>();
    private boolean takesPassword;
    private boolean shownAsItComes;

    private record Option(String name, String argument, ValueKind kind) {}

    /** @param many whether it takes all words that are left */
    private record Positional(String argument, boolean many) {}

    private OperationCommand(String name, String operation, String description) {
        this.operation = operation;
        this.spec = Command.spec(name, description, this);
    }

    /**
     * @param name the command's last word
     * @param operation such as {@code account.add}
     */
    static OperationCommand named(String name, String operation, String description) {
        return new OperationCommand(name, operation, description);
    }

    /** The next word is the argument. */
    OperationCommand required(String argument, String description) {
        return positional(argument, "1", false, description);
    }

    /** The next word, if there is one, is the argument. */
    OperationCommand optional(String argument, String description) {
        return positional(argument, "0..1", false, description);
    }

    /** All further words, at least one, are the argument. */
    OperationCommand requiredList(String argument, String description) {
        return positional(argument, "1..*", true, description);
    }

    /** All further words, if there are any, are the argument. */
    OperationCommand optionalList(String argument, String description) {
        return positional(argument, "0..*", true, description);
    }

    /** An option without a value. */
    OperationCommand flag(String name, String argument, String description) {
        spec.addOption(OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build());
        flags.put(name, argument);
        return this;
    }

    OperationCommand option(String name, String argument, ValueKind kind, String description) {
        spec.addOption(OptionSpec.builder(name)
                .paramLabel(label(argument))
                .type(String.class)
                .description(description)
                .build());
        options.add(new Option(name, argument, kind));
        return this;
    }

    /** The operation takes a password: typed, piped, or made by the server. */
    OperationCommand password() {
        spec.addOption(OptionSpec.builder(RANDOM)
                .type(boolean.class)
                .arity("0")
                .description("Let the server make a password and show it, once.")
                .build());
        takesPassword = true;
        return this;
    }

    /** What the operation says is shown while it goes on. */
    OperationCommand live() {
        shownAsItComes = true;
        return this;
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public int run(Call call) throws IOException {
        ObjectNode arguments = arguments(call);
        try (Backend backend = call.application().connect(call.settings())) {
            boolean live = shownAsItComes && !call.json();
            return print(backend.run(operation, arguments, live ? call.terminal().out()::println : null), call);
        }
    }

    /** Lines or data on standard output; of a refusal the reason and the hint on standard error. */
    static int print(Outcome outcome, Call call) {
        if (!outcome.ok()) {
            if (call.json() && !outcome.data().isNull()) {
                call.terminal().out().println(outcome.data().toPrettyString());
            }
            Cli.complain(call.terminal(), String.join(System.lineSeparator() + "  ", outcome.lines()), outcome.hint());
            return REFUSED;
        }
        if (call.json()) {
            call.terminal().out().println(outcome.data().toPrettyString());
        } else {
            outcome.lines().forEach(call.terminal().out()::println);
        }
        return DONE;
    }

    private ObjectNode arguments(Call call) throws IOException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        addPositionals(call.words(), arguments);
        for (Option option : options) {
            String given = call.words().matchedOptionValue(option.name(), "");
            if (call.words().hasMatchedOption(option.name())) {
                arguments.set(option.argument(), parse(option, given));
            }
        }
        flags.forEach((name, argument) -> {
            if (call.flag(name)) {
                arguments.put(argument, true);
            }
        });
        if (takesPassword && call.flag(RANDOM)) {
            arguments.put("random", true);
        } else if (takesPassword) {
            arguments.put("password", PasswordInput.read(call.terminal(), arguments.path("address").asString()));
        }
        return arguments;
    }

    private void addPositionals(ParseResult words, ObjectNode arguments) {
        for (int i = 0; i < positionals.size(); i++) {
            Positional positional = positionals.get(i);
            if (positional.many()) {
                ArrayNode list = arguments.putArray(positional.argument());
                List<String> rest = words.matchedPositionalValue(i, List.of());
                rest.forEach(list::add);
            } else if (words.hasMatchedPositional(i)) {
                arguments.put(positional.argument(), words.matchedPositionalValue(i, ""));
            }
        }
    }

    private static JsonNode parse(Option option, String given) {
        try {
            return option.kind().parse(given);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option.name() + " " + given + " is not " + e.getMessage());
        }
    }

    private OperationCommand positional(String argument, String arity, boolean many, String description) {
        int index = positionals.size();
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel(label(argument))
                .index(many ? index + "..*" : Integer.toString(index))
                .arity(arity)
                .required(arity.startsWith("1"))
                .type(many ? List.class : String.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build());
        positionals.add(new Positional(argument, many));
        return this;
    }

    private static String label(String argument) {
        return switch (argument) {
            case "targets" -> "TARGET";
            case "quotaBytes", "bytes" -> "SIZE";
            case "quotaMessages", "messages", "recipients", "firstTime", "count" -> "COUNT";
            case "seconds", "olderSeconds" -> "TIME";
            case "ids" -> "ID";
            default -> argument.toUpperCase(Locale.ROOT);
        };
    }
}
