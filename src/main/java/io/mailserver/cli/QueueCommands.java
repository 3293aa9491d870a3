package io.mailserver.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code queue}: mail for other servers, with the server running or stopped. */
final class QueueCommands {
    private QueueCommands() {}

    static CommandSpec queue() {
        return Command.family(
                "queue",
                "Mail for other servers: what waits and why, what was given up.",
                filtered(OperationCommand.named("list", "queue.list", "List what is queued, the oldest first, with why it waits."))
                        .option("--count", "count", ValueKind.COUNT, "Show so many; otherwise 50.")
                        .spec(),
                OperationCommand.named("show", "queue.show", "Show one message: its recipients and its header.")
                        .required("id", "Such as Q7B.")
                        .spec(),
                filtered(OperationCommand.named("retry", "queue.retry", "Try again now.")).spec(),
                filtered(OperationCommand.named("hold", "queue.hold", "Do not send until it is released.")).spec(),
                filtered(OperationCommand.named("release", "queue.release", "Send what was held.")).spec(),
                filtered(OperationCommand.named("delete", "queue.delete", "Delete without a word to the sender.")).spec(),
                filtered(OperationCommand.named("bounce", "queue.bounce", "Give up and tell the sender."))
                        .option("--reason", "reason", ValueKind.TEXT, "What the sender is told.")
                        .spec(),
                OperationCommand.named("pause", "queue.pause", "Send nothing to a destination until it is resumed, also after a restart.")
                        .required("destination", "A domain, or * for all.")
                        .spec(),
                OperationCommand.named("resume", "queue.resume", "Send to a paused destination again.")
                        .required("destination", "A domain, or *.")
                        .spec(),
                OperationCommand.named("flush", "queue.flush", "Try everything again now.").spec(),
                OperationCommand.named("reports", "queue.reports", "List what servers reported of mail that they had taken.")
                        .required("account", "The account.")
                        .spec(),
                OperationCommand.named("stats", "queue.stats", "Count what is queued.").spec(),
                dead());
    }

    static CommandSpec suppression() {
        return Command.family(
                "suppression",
                "Addresses elsewhere that an account does not write to any more, as their servers know no such mailbox.",
                OperationCommand.named("list", "suppression.list", "List those of an account, with what their servers said.")
                        .required("account", "The account.")
                        .spec(),
                OperationCommand.named("remove", "suppression.remove", "Let it write to an address again, or to all of them.")
                        .required("account", "The account.")
                        .optional("address", "The address; otherwise all.")
                        .spec());
    }

    static CommandSpec testDelivery() {
        return OperationCommand.named("test-delivery", "queue.test", "Send a test message at once and show what is said.")
                .required("address", "To whom.")
                .option("--from", "from", ValueKind.TEXT, "The sender; otherwise postmaster of the first domain.")
                .live()
                .spec();
    }

    private static CommandSpec dead() {
        return Command.family(
                "dead",
                "Copies of what was given up, kept for queue.keep-dead.",
                filtered(OperationCommand.named("list", "queue.dead.list", "List them, with why."))
                        .option("--count", "count", ValueKind.COUNT, "Show so many; otherwise 50.")
                        .spec(),
                OperationCommand.named("show", "queue.show", "Show one: its recipients and its header.")
                        .required("id", "Such as Q7B.")
                        .spec(),
                filtered(OperationCommand.named("requeue", "queue.dead.requeue", "Send them anew.")).spec(),
                filtered(OperationCommand.named("delete", "queue.dead.delete", "Delete them.")).spec());
    }

    private static OperationCommand filtered(OperationCommand command) {
        return command
                .optionalList("ids", "Messages, such as Q7B Q7C.")
                .option("--sender", "sender", ValueKind.TEXT, "Whose sender or account contains this.")
                .option("--recipient", "recipient", ValueKind.TEXT, "Whose recipient contains this.")
                .option("--destination", "destination", ValueKind.TEXT, "For this domain.")
                .option("--status", "status", ValueKind.TEXT, "pending, held or dead.")
                .option("--older", "olderSeconds", ValueKind.SECONDS, "Queued for longer than this.")
                .flag("--all", "all", "Everything.");
    }
}
