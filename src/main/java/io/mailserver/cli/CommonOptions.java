package io.mailserver.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options every command takes, in front of its name or behind. */
final class CommonOptions {
    private static final String DATA = "--data";
    private static final String CONFIG = "--config";
    private static final String SET = "--set";
    private static final String JSON = "--json";

    /** Behind a command's own options in its help. */
    private static final int LAST = 90;

    private CommonOptions() {}

    static void addTo(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(DATA)
                .paramLabel("FOLDER")
                .type(String.class)
                .order(LAST)
                .description("The data folder; for root /var/lib/mailserver, else ./data.")
                .build());
        spec.addOption(OptionSpec.builder(CONFIG)
                .paramLabel("FILE")
                .type(String.class)
                .order(LAST + 1)
                .description("The configuration file; for root /etc/mailserver/config.yml, else config.yml in the data folder.")
                .build());
        spec.addOption(OptionSpec.builder(SET)
                .paramLabel("KEY=VALUE")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .order(LAST + 2)
                .description("A key of the configuration, over what the file says; may be repeated.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .type(boolean.class)
                .arity("0")
                .order(LAST + 3)
                .description("Print data for programs.")
                .build());
    }

    /** @throws UsageException a {@code --set} without an equals sign */
    static Settings settings(ParseResult outermost) {
        Optional<Path> data = Optional.empty();
        Optional<Path> config = Optional.empty();
        Map<String, String> sets = new LinkedHashMap<>();
        for (Optional<ParseResult> each = Optional.of(outermost); each.isPresent(); each = inner(each.get())) {
            ParseResult words = each.get();
            data = path(words, DATA).isPresent() ? path(words, DATA) : data;
            config = path(words, CONFIG).isPresent() ? path(words, CONFIG) : config;
            List<String> given = words.matchedOptionValue(SET, List.of());
            for (String set : given) {
                int equals = set.indexOf('=');
                if (equals <= 0) {
                    throw new UsageException("--set " + set + " is not KEY=VALUE");
                }
                sets.put(set.substring(0, equals), set.substring(equals + 1));
            }
        }
        return new Settings(data, config, sets);
    }

    static boolean json(ParseResult outermost) {
        for (Optional<ParseResult> each = Optional.of(outermost); each.isPresent(); each = inner(each.get())) {
            if (each.get().matchedOptionValue(JSON, false)) {
                return true;
            }
        }
        return false;
    }

    static Optional<ParseResult> inner(ParseResult words) {
        return Optional.ofNullable(words.subcommand());
    }

    private static Optional<Path> path(ParseResult words, String option) {
        String given = words.matchedOptionValue(option, "");
        return given.isEmpty() ? Optional.empty() : Optional.of(Path.of(given));
    }
}
