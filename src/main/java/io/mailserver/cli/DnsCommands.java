package io.mailserver.cli;

import io.mailserver.base.Domain;
import io.mailserver.base.Time;
import io.mailserver.dns.Resolver;
import io.mailserver.doctor.DnsEntry;
import io.mailserver.doctor.DnsEntry.Place;
import io.mailserver.doctor.RecordTexts;
import io.mailserver.doctor.Sighting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code dns} and {@code dkim}: what a domain should publish, and waiting until it does. */
final class DnsCommands {
    private static final String DOMAIN = "domain";
    private static final String PANEL = "--panel";
    private static final String WAIT = "--wait";
    private static final String DNS = "--dns";
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private DnsCommands() {}

    static CommandSpec dns() {
        CommandSpec spec = Command.spec("dns", "Show every DNS record to publish for a domain, as a zone file.", DnsCommands::run);
        spec.addPositional(domain());
        spec.addOption(flag(PANEL, "One record a block, as the forms of web panels ask for it."));
        spec.addOption(flag(WAIT, "Wait until the DNS shows each of them, and say so; Ctrl-C ends it."));
        spec.addOption(server("With --wait: "));
        return spec;
    }

    static CommandSpec dkim() {
        return Command.family(
                "dkim",
                "The keys that sign a domain's mail.",
                OperationCommand.named("list", "dkim.list", "List the keys: pending, active, retiring, removed.")
                        .optional(DOMAIN, "Only those of this domain.")
                        .spec(),
                OperationCommand.named("show", "dkim.show", "Show the records to publish.").required(DOMAIN, "The domain.").spec(),
                OperationCommand.named("rotate", "dkim.rotate", "Make new keys, which take over once the DNS shows them.")
                        .required(DOMAIN, "The domain.")
                        .spec());
    }

    static CommandSpec reports() {
        return OperationCommand.named("reports", "reports", "Show what other servers report about our domains: DMARC, TLS.")
                .optional(DOMAIN, "Only those on this domain.")
                .option("--days", "days", ValueKind.COUNT, "Those received in so many days; without it 30.")
                .spec();
    }

    static PositionalParamSpec domain() {
        return PositionalParamSpec.builder().paramLabel("DOMAIN").index("0").arity("1").type(String.class)
                .description("The domain.").build();
    }

    /** @param when in front of what it does */
    static OptionSpec server(String when) {
        return OptionSpec.builder(DNS).paramLabel("ADDRESS:PORT").type(String.class)
                .description(when + "the DNS server to ask; without it those of this machine.").build();
    }

    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build();
    }

    /** What the server, or the data folder, says of a domain. */
    static Outcome records(Command.Call call) throws IOException {
        String typed = call.words().matchedPositionalValue(0, "");
        try (Backend backend = call.application().connect(call.settings())) {
            return backend.run("dns.records", JsonNodeFactory.instance.objectNode().put(DOMAIN, typed));
        }
    }

    static List<DnsEntry> entries(JsonNode data) {
        List<DnsEntry> entries = new ArrayList<>();
        for (JsonNode record : data.path("records")) {
            entries.add(DnsEntry.of(record.path("name").asString(), record.path("type").asString(), record.path("value").asString(),
                    record.path("purpose").asString(), record.path("place").asString()));
        }
        return entries;
    }

    /** A resolver that remembers nothing from before. */
    static Resolver resolver(Command.Call call, Time time) {
        Map<String, String> options = call.words().hasMatchedOption(DNS)
                ? Map.of(DNS, call.words().matchedOptionValue(DNS, "")) : Map.of();
        return new CheckOptions(options, call.terminal().in()).resolver(time);
    }

    private static int run(Command.Call call) throws IOException {
        Outcome outcome = records(call);
        if (!outcome.ok() || call.json()) {
            return OperationCommand.print(outcome, call);
        }
        List<DnsEntry> entries = entries(outcome.data());
        if (call.flag(WAIT)) {
            return await(entries, call);
        }
        List<String> lines = call.flag(PANEL)
                ? RecordTexts.panel(entries, new Domain(outcome.data().path(DOMAIN).asString())) : outcome.lines();
        lines.forEach(call.terminal().out()::println);
        return Command.DONE;
    }

    /** Each is told once when it is seen; what somebody else publishes, or what may not exist, is not waited for. */
    private static int await(List<DnsEntry> entries, Command.Call call) {
        Time time = call.application().time();
        List<DnsEntry> left = new ArrayList<>(entries.stream()
                .filter(entry -> entry.place() == Place.ZONE || (entry.place() == Place.TO_COMPLETE && entry.type().equals("A"))).toList());
        boolean first = true;
        while (true) {
            Resolver resolver = resolver(call, time);
            List<Sighting> sightings = left.stream().map(entry -> Sighting.of(entry, resolver)).toList();
            for (Sighting sighting : sightings) {
                if (sighting.seen()) {
                    left.remove(sighting.entry());
                    call.terminal().out().println("seen     " + name(sighting));
                } else if (first) {
                    call.terminal().out().println("waiting  " + name(sighting) + " (now: " + sighting.instead() + ")");
                }
            }
            if (left.isEmpty()) {
                call.terminal().out().println("every record is seen");
                return Command.DONE;
            }
            first = false;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String name(Sighting sighting) {
        return sighting.entry().type() + " " + sighting.entry().name();
    }
}
