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
                CheckCommands.spamTest(),
                SpamLearning.spec(),
                listed("allow", "Let through what provably comes from these senders.").spec(),
                listed("block", "Refuse what claims to come from these senders; for others of several recipients it goes to Junk.").spec(),
                listed("unlist", "Take senders off the lists.").spec(),
                OperationCommand.named("lists", "spam.lists", "Who is allowed and blocked.")
                        .option("--for", "for", ValueKind.TEXT, "Only the entries of this account or domain.").spec(),
                OperationCommand.named("set", "spam.set", "Set limits of an account or a domain, or show them.")
                        .required("for", "An account's address, or a domain.")
                        .option("--junk", "junk", ValueKind.COUNT, "From so many points on, mail goes to Junk.")
                        .option("--reject", "reject", ValueKind.COUNT, "From so many points on, mail is refused.")
                        .option("--keep-junk", "keepJunkDays", ValueKind.COUNT, "So many days Junk keeps mail; 0 for ever.")
                        .flag("--reset", "reset", "First, as the configuration says.").spec(),
                OperationCommand.named("stats", "spam.stats", "What the filter learned and remembers, and which accounts are held.").spec(),
                OperationCommand.named("release", "spam.release", "Let an account send again that was held for junk.")
                        .required("address", "The account's address.").spec());
    }

    private static OperationCommand listed(String name, String description) {
        return OperationCommand.named(name, "spam." + name, description)
                .requiredList("senders", "Addresses, domains, or either with asterisks.")
                .option("--for", "for", ValueKind.TEXT, "For this account or domain; otherwise for everybody.");
    }

    private static int rules(Command.Call call) {
        for (Finding rule : ContentFilter.reference()) {
            call.terminal().out().println(String.format(Locale.ROOT, "%-28s %6.1f  %s", rule.name(), rule.points(), rule.reason()));
        }
        return Command.DONE;
    }
}
