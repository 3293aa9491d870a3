package io.mailserver.cli;

import io.mailserver.spam.ContentFilter;
import io.mailserver.spam.Finding;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** {@code spam}: what the filter knows, and what it makes of a message. */
final class SpamCommands {
    private SpamCommands() {}

    static CommandSpec spam() {
        return Command.family(
                "spam",
                "The spam filter: its rules, and why it gives a message its points.",
                Command.spec("rules", "Print every rule with its points; a minus speaks for the message.", SpamCommands::rules),
                CheckCommands.spamTest());
    }

    private static int rules(Command.Call call) {
        for (Finding rule : ContentFilter.reference()) {
            call.terminal().out().println(String.format(Locale.ROOT, "%-28s %6.1f  %s", rule.name(), rule.points(), rule.reason()));
        }
        return Command.DONE;
    }
}
