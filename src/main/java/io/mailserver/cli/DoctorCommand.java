package io.mailserver.cli;

import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.SendingConfig;
import io.mailserver.dns.Resolver;
import io.mailserver.doctor.Doctor;
import io.mailserver.doctor.Finding;
import io.mailserver.doctor.Finding.Level;
import io.mailserver.doctor.OutsideChecks;
import io.mailserver.doctor.ServerFacts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code doctor}: a line for each thing that was looked at, and what mends it. Exit code 1 if anything fails. */
final class DoctorCommand {
    /** Longer than greylisting and short failures of others take. */
    private static final Duration LATE = Duration.ofHours(6);

    private static final Duration RECENT = Duration.ofDays(1);
    private static final int MAX_SHOWN = 3;
    private static final String OUTSIDE = "--outside";

    private DoctorCommand() {}

    static CommandSpec doctor() {
        CommandSpec spec = Command.spec(
                "doctor", "Look at a domain as the world sees it: DNS, connections, certificate; exit code 1 if anything fails.",
                DoctorCommand::run);
        spec.addPositional(DnsCommands.domain());
        spec.addOption(DnsCommands.server(""));
        spec.addOption(OptionSpec.builder(OUTSIDE).paramLabel("DOMAIN").type(List.class).auxiliaryTypes(String.class)
                .description("domains whose mail servers are greeted, to see whether mail could leave; nothing is sent. Without it: "
                        + OutsideChecks.WELL_KNOWN.stream().map(Domain::ascii).collect(Collectors.joining(", ")) + ".").build());
        return spec;
    }

    private static int run(Command.Call call) throws IOException {
        Outcome outcome = DnsCommands.records(call);
        if (!outcome.ok()) {
            return OperationCommand.print(outcome, call);
        }
        Time time = call.application().time();
        List<Finding> findings = new ArrayList<>(server(call));
        Resolver resolver = DnsCommands.resolver(call, time);
        Doctor.Patient patient = patient(outcome.data());
        findings.add(outside(call, resolver, patient.host()));
        findings.addAll(new Doctor(resolver, time).examine(patient));
        print(findings, call);
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? Command.REFUSED : Command.DONE;
    }

    private static Finding outside(Command.Call call, Resolver resolver, Domain host) {
        SendingConfig sending = call.application().config(call.settings()).sending();
        if (sending.smartHost().isPresent()) {
            return new Finding(Level.PASS, "outside", "mail leaves through " + sending.smartHost().get(), "");
        }
        List<String> typed = call.words().matchedOptionValue(OUTSIDE, List.of());
        List<Domain> domains = typed.stream().map(word -> Domain.parse(word).orElseThrow(() ->
                new OperatorException(OUTSIDE + " needs a domain, not \"" + word + "\"", "such as gmail.com"))).toList();
        return new OutsideChecks(resolver, host, sending.port()).examine(domains.isEmpty() ? OutsideChecks.WELL_KNOWN : domains);
    }

    private static Doctor.Patient patient(JsonNode data) {
        List<ServerFacts.Service> services = new ArrayList<>();
        for (JsonNode service : data.path("services")) {
            services.add(new ServerFacts.Service(service.path("name").asString(), service.path("port").asInt(),
                    service.path("implicitTls").asBoolean()));
        }
        return new Doctor.Patient(new Domain(data.path("domain").asString()), new Domain(data.path("host").asString()), services,
                DnsCommands.entries(data));
    }

    /** What only the server itself knows. */
    private static List<Finding> server(Command.Call call) throws IOException {
        Outcome status;
        Outcome queue;
        try (Backend backend = call.application().connect(call.settings())) {
            status = backend.run("status", JsonNodeFactory.instance.objectNode());
            queue = backend.run("queue.stats", JsonNodeFactory.instance.objectNode());
        }
        if (!status.ok()) {
            return List.of(new Finding(Level.FAIL, "server", "no server is running here", "start it: ./mailserver start"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(Level.PASS, "server", "it is running as " + status.data().path("hostname").asString(), ""));
        long free = status.data().path("freeBytes").asLong();
        long reserve = call.application().config(call.settings()).storage().diskReserve().octets();
        String text = (free >> 20) + " MiB are free, of which " + (reserve >> 20) + " MiB are kept";
        String room = "make room on the disk of the data folder";
        findings.add(free <= reserve ? new Finding(Level.FAIL, "disk", text + ": no mail is taken", room)
                : free < 4 * reserve ? new Finding(Level.WARN, "disk", text, room)
                : new Finding(Level.PASS, "disk", text, ""));
        for (JsonNode warning : status.data().path("warnings")) {
            findings.add(new Finding(Level.WARN, "server", warning.path("text").asString(), warning.path("mend").asString()));
        }
        findings.add(errors(status.data().path("errors"), call.application().time().now()));
        findings.add(queue(queue, call));
        String advice = queue.data().path("advice").asString("");
        if (!advice.isEmpty()) {
            findings.add(new Finding(Level.FAIL, "port 25", advice, "see docs/sending.md, \"Behind a provider who blocks port 25\""));
        }
        return findings;
    }

    /** What the log of the running server says of the last day. */
    private static Finding errors(JsonNode errors, Instant now) {
        long count = errors.path("count").asLong();
        List<String> recent = new ArrayList<>();
        for (JsonNode noted : errors.path("last")) {
            if (Instant.parse(noted.path("at").asString()).isAfter(now.minus(RECENT))) {
                recent.add(noted.path("at").asString() + " " + noted.path("text").asString());
            }
        }
        String total = count + (count == 1 ? " error" : " errors") + " in the log since the start";
        return recent.isEmpty()
                ? new Finding(Level.PASS, "log", total + ", none in the last day", "")
                : new Finding(Level.WARN, "log",
                        total + "; the last: " + String.join("; ", recent.subList(Math.max(0, recent.size() - MAX_SHOWN), recent.size())),
                        "what each means: docs/testing-and-debugging.md");
    }

    /** Mail that waits long is mail that nobody takes. */
    private static Finding queue(Outcome stats, Command.Call call) {
        if (!stats.ok()) {
            return new Finding(Level.WARN, "queue", String.join("; ", stats.lines()), stats.hint());
        }
        String text = stats.data().path("messages").asLong() + " messages wait to be sent";
        String oldest = stats.data().path("oldest").asString("");
        boolean late = !oldest.isEmpty() && Instant.parse(oldest).isBefore(call.application().time().now().minus(LATE));
        long stuck = stats.data().path("dead").asLong() + stats.data().path("held").asLong();
        return late || stuck > 0
                ? new Finding(Level.WARN, "queue", text + (late ? ", one since " + oldest : "")
                        + (stuck > 0 ? "; " + stuck + " recipients are held or given up" : ""), "see why: ./mailserver queue list")
                : new Finding(Level.PASS, "queue", text, "");
    }

    private static void print(List<Finding> findings, Command.Call call) {
        if (call.json()) {
            List<Map<String, Object>> all = new ArrayList<>();
            for (Finding finding : findings) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("result", finding.level().word());
                one.put("subject", finding.subject());
                one.put("text", finding.text());
                one.put("remedy", finding.remedy());
                all.add(one);
            }
            call.terminal().out().println(CheckBatch.json(Map.of("findings", all)).toPrettyString());
            return;
        }
        for (Finding finding : findings) {
            call.terminal().out().println("%-5s %-12s %s".formatted(finding.level().word(), finding.subject(), finding.text()));
            if (!finding.remedy().isEmpty()) {
                call.terminal().out().println(" ".repeat(19) + "-> " + finding.remedy());
            }
        }
    }
}
