package io.mailserver.admin;

import io.mailserver.account.LoginThrottle;
import io.mailserver.base.OperatorException;
import io.mailserver.log.Trace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code status}, {@code stop}, {@code reload}, {@code trace.*}: the running process. */
final class ServerOperations {
    private final Operations.Parts parts;

    ServerOperations(Operations.Parts parts) {
        this.parts = parts;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("status", Set.of(), arguments -> status()),
                new Operation("stop", Set.of(), arguments -> stop()),
                new Operation("reload", Set.of(), arguments -> reload()),
                new Operation("trace.on", Set.of("ip", "account", "seconds"), this::traceOn),
                new Operation("trace.off", Set.of("ip", "account"), this::traceOff),
                new Operation("trace.list", Set.of(), arguments -> traceList()));
    }

    private Answer status() {
        ServerStatus status = parts.server().status();
        Duration up = Duration.between(status.started(), parts.time().now());
        List<String> lines = new ArrayList<>(Texts.fields(
                "server", "running, version " + status.version() + ", process " + status.processId(),
                "up", Texts.duration(up) + ", since " + Texts.time(status.started()),
                "hostname", status.hostname(),
                "data", status.data() + ", " + Texts.bytes(status.freeBytes()) + " free on its disk"));
        lines.addAll(section("listeners", Texts.table(
                List.of("NAME", "ADDRESS", "PORT", "CONNECTIONS"),
                status.listeners().stream().map(ServerOperations::row).toList())));
        lines.addAll(section("certificates", Texts.table(
                List.of("NAMES", "ENDS", "LEFT", "FILE"),
                status.certificates().stream().map(this::row).toList())));
        List<LoginThrottle.Locked> locked = parts.accounts().throttle().locked();
        lines.addAll(section("locked after failed logins", Texts.table(
                List.of("WHAT", "FOR"),
                locked.stream().map(each -> List.of(each.what(), Texts.duration(each.remaining()))).toList())));
        lines.addAll(section("look at", status.warnings().stream().map(ServerStatus.Warning::toString).toList()));
        return Answer.of(lines, json(status, locked));
    }

    private Answer stop() {
        parts.server().stop();
        return Answer.of("the server stops");
    }

    private Answer reload() {
        List<String> lines = new ArrayList<>();
        lines.add("configuration and certificates read again");
        lines.addAll(parts.server().reload());
        return Answer.of(lines, JsonNodeFactory.instance.nullNode());
    }

    private Answer traceOn(Arguments arguments) throws IOException {
        Trace.Rule rule = trace().on(subject(arguments), arguments.seconds("seconds"));
        return Answer.of("the sessions of " + rule.subject() + " are traced until " + Texts.time(rule.until()), json(rule));
    }

    private Answer traceOff(Arguments arguments) throws IOException {
        Trace.Subject subject = subject(arguments);
        boolean was = trace().off(subject);
        return Answer.of(was ? subject + " is no longer traced" : subject + " was not traced");
    }

    private Answer traceList() {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (Trace.Rule rule : trace().rules()) {
            data.add(json(rule));
            rows.add(List.of(rule.subject().toString(), Texts.time(rule.until())));
        }
        List<String> lines = rows.isEmpty() ? List.of("nothing is traced") : Texts.table(List.of("TRACED", "UNTIL"), rows);
        return Answer.of(lines, data);
    }

    private Trace trace() {
        Trace trace = parts.trace();
        if (trace == null) {
            throw StoppedServer.notRunning();
        }
        return trace;
    }

    private Trace.Subject subject(Arguments arguments) throws IOException {
        Optional<String> ip = arguments.optionalText("ip");
        Optional<String> account = arguments.optionalText("account");
        if (ip.isEmpty() == account.isEmpty()) {
            throw new OperatorException("name whose sessions to trace", "give either --ip ADDRESS or --account ADDRESS");
        }
        return ip.isPresent()
                ? new Trace.Subject.Client(ipAddress(ip.get()))
                : new Trace.Subject.Account(
                        parts.accounts().accounts().get(account.orElseThrow()).address().toString());
    }

    /** An address literal; names are not looked up. */
    static InetAddress ipAddress(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new OperatorException(
                    "\"" + Texts.printable(text) + "\" is not an IP address", "write it like 192.0.2.1 or 2001:db8::1", e);
        }
    }

    private static List<String> section(String heading, List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> section = new ArrayList<>();
        section.add(heading + ":");
        lines.forEach(line -> section.add("  " + line));
        return section;
    }

    private static List<String> row(ServerStatus.Listener listener) {
        return List.of(
                listener.name(), listener.address(), Integer.toString(listener.port()), Integer.toString(listener.connections()));
    }

    private List<String> row(ServerStatus.Certificate certificate) {
        Duration left = Duration.between(parts.time().now(), certificate.notAfter());
        String file = certificate.file().map(Path::toString).orElse("-");
        return List.of(
                String.join(", ", certificate.names()),
                Texts.time(certificate.notAfter()),
                left.isNegative() ? "expired" : left.toDays() + " d",
                certificate.selfSigned() ? file + " (self-signed)" : file);
    }

    private static ObjectNode json(Trace.Rule rule) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        return node.put("subject", rule.subject().toString()).put("until", rule.until().toString());
    }

    private static ObjectNode json(ServerStatus status, List<LoginThrottle.Locked> locked) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("running", true);
        node.put("version", status.version());
        node.put("processId", status.processId());
        node.put("started", status.started().toString());
        node.put("hostname", status.hostname());
        node.put("data", status.data().toString());
        node.put("freeBytes", status.freeBytes());
        ArrayNode listeners = node.putArray("listeners");
        status.listeners().forEach(listener -> listeners
                .addObject()
                .put("name", listener.name())
                .put("address", listener.address())
                .put("port", listener.port())
                .put("connections", listener.connections()));
        ArrayNode certificates = node.putArray("certificates");
        for (ServerStatus.Certificate certificate : status.certificates()) {
            ObjectNode each = certificates.addObject();
            certificate.names().forEach(each.putArray("names")::add);
            each.put("file", certificate.file().map(Path::toString).orElse(null));
            each.put("notAfter", certificate.notAfter().toString());
            each.put("selfSigned", certificate.selfSigned());
        }
        ArrayNode locks = node.putArray("locked");
        locked.forEach(each -> locks.addObject().put("what", each.what()).put("seconds", each.remaining().toSeconds()));
        ObjectNode errors = node.putObject("errors").put("count", status.errors().count());
        ArrayNode last = errors.putArray("last");
        status.errors().last().forEach(noted -> last.addObject().put("at", noted.at().toString()).put("text", noted.text()));
        ArrayNode warnings = node.putArray("warnings");
        status.warnings().forEach(warning -> warnings.addObject().put("text", warning.text()).put("mend", warning.mend()));
        return node;
    }
}
