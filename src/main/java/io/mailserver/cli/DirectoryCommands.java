package io.mailserver.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code domain}, {@code account}, {@code alias}. */
final class DirectoryCommands {
    private static final String ADDRESS = "address";
    private static final String DOMAIN = "domain";

    private DirectoryCommands() {}

    static CommandSpec domain() {
        return Command.family(
                "domain",
                "The domains this server takes mail for.",
                domain("add", "Take mail for a domain."),
                OperationCommand.named("list", "domain.list", "List the domains.").spec(),
                domain("show", "Show one domain."),
                domain("enable", "Take its mail and let its accounts log in again."),
                domain("disable", "Refuse its mail, and logins of its accounts."),
                OperationCommand.named("catch-all", "domain.catch-all", "Say who gets mail for addresses nobody has.")
                        .required(DOMAIN, "The domain.")
                        .optional("target", "An address here; without it such mail is refused.")
                        .spec(),
                domain("remove", "Give up a domain that has no accounts and aliases left."));
    }

    static CommandSpec device() {
        return Command.family(
                "device",
                "Where the owner of an account is signed in, by a browser or a program with tokens.",
                ofAccount("device", "list", "List the devices, the last used first."),
                OperationCommand.named("revoke", "device.revoke", "Sign a device out: a lost phone, a forgotten browser.")
                        .required(ADDRESS, "The account.")
                        .required("id", "The device's number; device list shows it.")
                        .spec());
    }

    static CommandSpec account() {
        return Command.family(
                "account",
                "The accounts: who has a mailbox here and can log in.",
                OperationCommand.named("add", "account.add", "Make an account. The password is typed, or piped: printf 'secret\\n' | ...")
                        .required(ADDRESS, "Its address.")
                        .password()
                        .option("--name", "name", ValueKind.TEXT, "A name for people.")
                        .option("--quota", "quotaBytes", ValueKind.BYTES, "The most its mail may take, such as 2G.")
                        .option("--messages", "quotaMessages", ValueKind.COUNT, "The most messages it may hold.")
                        .spec(),
                OperationCommand.named("list", "account.list", "List the accounts.")
                        .optional(DOMAIN, "Those of one domain.")
                        .spec(),
                account("show", "Show one account."),
                OperationCommand.named("passwd", "account.passwd", "Set a password. It is typed, or piped.")
                        .required(ADDRESS, "The account.")
                        .password()
                        .option("--label", "label", ValueKind.TEXT, "Which of its passwords, such as phone; without it: main.")
                        .spec(),
                OperationCommand.named("passwd-remove", "account.passwd-remove", "Remove one of its passwords.")
                        .required(ADDRESS, "The account.")
                        .required("label", "The password's label; account show lists them.")
                        .spec(),
                account("enable", "Take its mail and let it log in again."),
                account("disable", "Refuse its mail and logins; what it has stays."),
                OperationCommand.named("quota", "account.quota", "Show or set how much it may hold.")
                        .required(ADDRESS, "The account.")
                        .option("--bytes", "bytes", ValueKind.BYTES, "The most its mail may take, such as 2G, or none.")
                        .option("--messages", "messages", ValueKind.COUNT, "The most messages it may hold, or none.")
                        .spec(),
                limits(),
                sendAs(),
                OperationCommand.named("unlock", "account.unlock", "Forget failed logins of an account or from an address.")
                        .optional(ADDRESS, "The account.")
                        .option("--ip", "ip", ValueKind.TEXT, "The client's address.")
                        .spec(),
                vacation(),
                OperationCommand.named("reset-link", "account.reset-link", "Make a link by which its owner sets a new password, once.")
                        .required(ADDRESS, "The account.")
                        .option("--for", "seconds", ValueKind.SECONDS, "How long it is good, such as 2h; otherwise a day.")
                        .spec(),
                OperationCommand.named("links-revoke", "account.links-revoke", "Take back all open invitations and links to new passwords.")
                        .spec(),
                account("remove", "Remove an account; its mail is kept for 7 days."),
                OperationCommand.named("removed", "account.removed", "List accounts removed in the last 7 days.").spec());
    }

    private static CommandSpec limits() {
        return OperationCommand.named("limits", "account.limits", "Show or set how much it may send to other servers in 24 hours.")
                .required(ADDRESS, "The account.")
                .option("--messages-per-day", "messages", ValueKind.COUNT, "The most messages, or none for no limit.")
                .option("--recipients-per-day", "recipients", ValueKind.COUNT, "The most recipients of them, or none.")
                .option("--first-time-per-day", "firstTime", ValueKind.COUNT,
                        "The most recipients it had never written to before, or none.")
                .flag("--default", "default", "As the configuration says, but for what is given beside this.")
                .spec();
    }

    private static CommandSpec sendAs() {
        return OperationCommand.named("send-as", "account.send-as", "Let it send as another address here, or show as whom it may.")
                .required(ADDRESS, "The account.")
                .optional("as", "An account or alias of this server.")
                .flag("--revoke", "revoke", "It may not any more.")
                .spec();
    }

    private static CommandSpec vacation() {
        return OperationCommand.named("vacation", "account.vacation", "Show or set what it answers automatically.")
                .required(ADDRESS, "The account.")
                .option("--text", "text", ValueKind.TEXT, "The answer; switches it on.")
                .option("--subject", "subject", ValueKind.TEXT, "Its subject; otherwise made of the message's.")
                .option("--from", "from", ValueKind.TEXT, "The first day (UTC), such as 2026-12-24; otherwise now.")
                .option("--until", "until", ValueKind.TEXT, "The day (UTC) it ends.")
                .flag("--off", "off", "Switch it off.")
                .spec();
    }

    static CommandSpec invite() {
        return OperationCommand.named("invite", "account.invite", "Make a link by which somebody makes an account, once.")
                .required("for", "The domain, or the account's address if you choose it.")
                .option("--quota", "quotaBytes", ValueKind.BYTES, "The most its mail may take, such as 2G.")
                .option("--messages", "quotaMessages", ValueKind.COUNT, "The most messages it may hold.")
                .option("--for", "seconds", ValueKind.SECONDS, "How long it is good, such as 2d; otherwise 7 days.")
                .spec();
    }

    static CommandSpec alias() {
        return Command.family(
                "alias",
                "Addresses whose mail goes to others.",
                OperationCommand.named("add", "alias.add", "Make an alias.")
                        .required(ADDRESS, "Its address.")
                        .requiredList("targets", "Accounts or aliases here, or addresses at other servers.")
                        .spec(),
                OperationCommand.named("set", "alias.set", "Change where its mail goes.")
                        .required(ADDRESS, "The alias.")
                        .requiredList("targets", "Accounts or aliases here, or addresses at other servers.")
                        .spec(),
                OperationCommand.named("list", "alias.list", "List the aliases, also those every domain has by itself.")
                        .optional(DOMAIN, "Those of one domain.")
                        .spec(),
                alias("show", "Show one alias."),
                alias("resume", "Forward to targets again that were suspended because they kept failing."),
                alias("enable", "Take its mail again."),
                alias("disable", "Refuse its mail."),
                alias("remove", "Remove an alias."));
    }

    static CommandSpec store() {
        return Command.family(
                "store",
                "What is stored of an account's mail.",
                ofAccount("store", "check", "Say whether files, index and numbers agree."),
                ofAccount("store", "rebuild", "Make the index anew from the files; its sessions are ended."));
    }

    private static CommandSpec domain(String name, String description) {
        return OperationCommand.named(name, "domain." + name, description).required(DOMAIN, "The domain.").spec();
    }

    private static CommandSpec account(String name, String description) {
        return ofAccount("account", name, description);
    }

    /** A command of a family that wants an account and nothing else. */
    private static CommandSpec ofAccount(String family, String name, String description) {
        return OperationCommand.named(name, family + "." + name, description).required(ADDRESS, "The account.").spec();
    }

    private static CommandSpec alias(String name, String description) {
        return OperationCommand.named(name, "alias." + name, description).required(ADDRESS, "The alias.").spec();
    }
}
