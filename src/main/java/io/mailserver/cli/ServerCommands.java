package io.mailserver.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code start}, {@code stop}, {@code status}, {@code reload}, {@code trace}, and those that prepare the machine. */
final class ServerCommands {
    private static final String DOMAIN = "--domain";
    private static final String DNS = "--dns";
    private static final String ROOT = "--root";

    /** Options of {@code start} that stand for a key of the configuration. */
    private static final Map<String, String> KEYS =
            Map.of("--hostname", "hostname", "--ports", "ports", "--log", "log.format");

    private ServerCommands() {}

    static CommandSpec start() {
        CommandSpec spec = Command.spec("start", "Run the server, in the foreground.", ServerCommands::runServer);
        option(spec, 1, DOMAIN, "DOMAIN", "Take mail for this domain; it is made, with a postmaster, where it is missing.");
        option(spec, 2, "--hostname", "NAME", "The server's own name; without it: mail. and the first domain.");
        option(spec, 3, "--ports", "standard|high", "high: ports for which one need not be root (2525, 2587, ...).");
        option(spec, 4, "--log", "console|json", "Lines for people, or one JSON object a line.");
        option(spec, 5, DNS, "ADDRESS:PORT", "The DNS resolver to ask; without it: dns.servers, or the machine's.");
        return spec;
    }

    static CommandSpec stop() {
        return Command.spec("stop", "Stop the server, and wait until it has.", call -> {
            try (Backend backend = call.application().connect(call.settings())) {
                Outcome outcome = backend.run("stop", JsonNodeFactory.instance.objectNode());
                int exit = OperationCommand.print(outcome, call);
                if (outcome.ok()) {
                    backend.awaitEnd();
                }
                return exit;
            }
        });
    }

    static CommandSpec status() {
        return OperationCommand.named("status", "status", "Show what the server listens on, its certificates, what is locked.")
                .spec();
    }

    static CommandSpec reload() {
        return OperationCommand.named("reload", "reload", "Read configuration and certificates again; errors change nothing.")
                .spec();
    }

    static CommandSpec trace() {
        return Command.family(
                "trace",
                "Protocol traces of clients or accounts, without secrets and contents.",
                OperationCommand.named("on", "trace.on", "Trace for a time.")
                        .option("--ip", "ip", ValueKind.TEXT, "The client's address.")
                        .option("--account", "account", ValueKind.TEXT, "The account that logs in.")
                        .option("--for", "seconds", ValueKind.SECONDS, "How long, such as 10m.")
                        .spec(),
                OperationCommand.named("off", "trace.off", "End a trace.")
                        .option("--ip", "ip", ValueKind.TEXT, "The client's address.")
                        .option("--account", "account", ValueKind.TEXT, "The account.")
                        .spec(),
                OperationCommand.named("list", "trace.list", "List what is traced.").spec());
    }

    static CommandSpec install() {
        CommandSpec spec = Command.spec(
                "install",
                "Make the server a service of this machine (systemd): program, user, /etc/mailserver, /var/lib/mailserver, "
                        + "sandboxed unit. Doing it again renews the program and nothing else.",
                call -> print(call, call.application().install(root(call))));
        option(spec, 1, ROOT, "FOLDER", "Write everything below it and touch neither users nor systemd (for packagers).");
        return spec;
    }

    static CommandSpec uninstall() {
        CommandSpec spec = Command.spec(
                "uninstall",
                "Stop the service and take back what install made, but not the data.",
                call -> print(call, call.application().uninstall(root(call))));
        option(spec, 1, ROOT, "FOLDER", "As for install.");
        return spec;
    }

    static CommandSpec firewall() {
        return Command.spec(
                "firewall",
                "Print rules for nftables and ufw that open exactly the configured listeners. Changes nothing.",
                call -> print(call, call.application().firewall(call.settings())));
    }

    static CommandSpec version() {
        return Command.spec("version", "Print the version.", call -> print(call, List.of(call.application().version())));
    }

    private static int runServer(Command.Call call) throws IOException {
        Map<String, String> sets = new LinkedHashMap<>(call.settings().sets());
        // These outrank --set, as they were typed with more care.
        KEYS.forEach((option, key) -> {
            if (call.words().hasMatchedOption(option)) {
                sets.put(key, call.words().matchedOptionValue(option, ""));
            }
        });
        if (call.words().hasMatchedOption(DNS)) {
            sets.put("dns.servers", "['" + call.words().matchedOptionValue(DNS, "").replace("'", "''") + "']");
        }
        Settings settings = new Settings(call.settings().data(), call.settings().config(), sets);
        Optional<String> domain = Optional.ofNullable(call.words().matchedOptionValue(DOMAIN, null));
        return call.application().start(settings, new StartOptions(domain));
    }

    private static Path root(Command.Call call) {
        return Path.of(call.words().matchedOptionValue(ROOT, "/"));
    }

    private static int print(Command.Call call, List<String> lines) {
        lines.forEach(call.terminal().out()::println);
        return Command.DONE;
    }

    private static void option(CommandSpec spec, int order, String name, String label, String description) {
        spec.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .order(order)
                .description(description)
                .build());
    }
}
