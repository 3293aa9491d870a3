package io.mailserver.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * What a command does once its words are understood.
 *
 * <p>Commands are built by program, not by annotations: nothing is looked up by reflection, which keeps every command's start short.
 */
@FunctionalInterface
interface Command {
    /** The exit code when everything was done. */
    int DONE = 0;

    /** The exit code when something was refused or failed. */
    int REFUSED = 1;

    /** The exit code when the words were not understood. */
    int MISUSED = 2;

    /** In columns. */
    int USAGE_WIDTH = 100;

    /**
     * Does it.
     *
     * @return the exit code
     * @throws io.mailserver.base.OperatorException it is refused
     */
    int run(Call call) throws IOException;

    /**
     * One use of a command.
     *
     * @param words those of the innermost command
     * @param json whether data is wanted instead of lines for people
     */
    record Call(ParseResult words, Settings settings, boolean json, Application application, Terminal terminal) {
        /** Whether a flag was given. */
        boolean flag(String option) {
            return words.matchedOptionValue(option, false);
        }
    }

    /** A command of that name, with help. */
    static CommandSpec spec(String name, String description, Command command) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
        spec.usageMessage().description(description).abbreviateSynopsis(true).sortOptions(false).width(USAGE_WIDTH);
        addCommonOptions(spec);
        return spec;
    }

    /** A family of commands. */
    static CommandSpec family(String name, String description, CommandSpec... members) {
        CommandSpec family = spec(name, description, call -> {
            call.terminal().err().println("mailserver: a command is missing");
            new CommandLine(call.words().commandSpec()).usage(call.terminal().err(), CommandLine.Help.Ansi.OFF);
            return MISUSED;
        });
        family.usageMessage().synopsisSubcommandLabel("COMMAND");
        for (CommandSpec member : members) {
            family.addSubcommand(member.name(), member);
        }
        return family;
    }

    private static void addCommonOptions(CommandSpec spec) {
        spec.addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .order(100)
                .description("Show this.")
                .build());
        CommonOptions.addTo(spec);
    }
}
