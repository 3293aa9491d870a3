package io.mailserver.admin;

import io.mailserver.account.DkimKey;
import io.mailserver.account.DkimKeys;
import io.mailserver.account.Domains;
import io.mailserver.account.MailDomain;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.doctor.DnsEntry;
import io.mailserver.doctor.DomainRecords;
import io.mailserver.doctor.RecordTexts;
import io.mailserver.doctor.ServerFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code dns.records} and {@code dkim.*}: what to publish, and the keys among it. */
final class DnsOperations {
    private static final Set<String> DOMAIN = Set.of("domain");

    private final Domains domains;
    private final DkimKeys keys;
    private final Supplier<ServerFacts> facts;

    DnsOperations(Operations.Parts parts) {
        domains = parts.accounts().domains();
        keys = parts.accounts().dkimKeys();
        facts = parts.facts();
    }

    List<Operation> operations() {
        return List.of(
                new Operation("dns.records", DOMAIN, this::records),
                new Operation("dkim.list", DOMAIN, this::list),
                new Operation("dkim.show", DOMAIN, this::show),
                new Operation("dkim.rotate", DOMAIN, this::rotate));
    }

    private Answer records(Arguments arguments) throws IOException {
        Domain domain = ours(arguments.domain("domain"));
        ServerFacts server = facts.get();
        List<DnsEntry> entries = DomainRecords.of(domain, server, keys.list(domain));
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("domain", domain.ascii());
        data.put("host", server.host().ascii());
        ArrayNode services = data.putArray("services");
        server.services().forEach(service -> services.addObject()
                .put("name", service.name()).put("port", service.port()).put("implicitTls", service.implicitTls()));
        ArrayNode records = data.putArray("records");
        for (DnsEntry entry : entries) {
            ObjectNode record = records.addObject();
            entry.data().forEach((name, value) -> record.put(name, String.valueOf(value)));
        }
        return Answer.of(RecordTexts.zoneFile(entries), data);
    }

    private Answer list(Arguments arguments) throws IOException {
        Optional<Domain> one = arguments.optionalDomain("domain");
        List<Domain> shown = one.isPresent() ? List.of(ours(one.get())) : domains.list().stream().map(MailDomain::name).toList();
        List<List<String>> rows = new ArrayList<>();
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (Domain domain : shown) {
            for (DkimKey key : keys.list(domain)) {
                rows.add(List.of(domain.ascii(), key.selector().text(), key.algorithm().word(), state(key), Texts.time(key.since())));
                data.add(json(key));
            }
        }
        List<String> lines = rows.isEmpty() ? List.of("no domains yet; add one with: domain add example.com")
                : Texts.table(List.of("DOMAIN", "SELECTOR", "ALGORITHM", "STATE", "SINCE"), rows);
        return Answer.of(lines, data);
    }

    private Answer show(Arguments arguments) throws IOException {
        return toPublish(keys.list(ours(arguments.domain("domain"))), List.of());
    }

    private Answer rotate(Arguments arguments) throws IOException {
        Domain domain = ours(arguments.domain("domain"));
        List<DkimKey> made = keys.rotate(domain);
        return toPublish(made, List.of(
                "; publish these; the running server looks for them and signs with them once it sees them (dkim list " + domain + ")"));
    }

    private static Answer toPublish(List<DkimKey> keys, List<String> before) {
        List<String> lines = new ArrayList<>(before);
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (DkimKey key : keys) {
            data.add(json(key));
            if (key.state() == DkimKey.State.REMOVED) {
                lines.add("; " + key.recordName() + ". may be taken out of the zone");
            } else {
                lines.add("; " + key.algorithm().word() + ", " + state(key));
                lines.add(RecordTexts.line(new DnsEntry(key.recordName(), "TXT", key.record(), "", DnsEntry.Place.ZONE)));
            }
        }
        return Answer.of(lines, data);
    }

    private static ObjectNode json(DkimKey key) {
        return JsonNodeFactory.instance.objectNode()
                .put("domain", key.domain().ascii())
                .put("selector", key.selector().text())
                .put("algorithm", key.algorithm().word())
                .put("state", state(key))
                .put("created", key.created().toString())
                .put("since", key.since().toString())
                .put("name", key.recordName().text())
                .put("record", key.record());
    }

    private static String state(DkimKey key) {
        return key.state().name().toLowerCase(Locale.ROOT);
    }

    private Domain ours(Domain domain) throws IOException {
        return domains.find(domain).map(MailDomain::name)
                .orElseThrow(() -> new OperatorException("domain " + domain + " is not here", "add it with: domain add " + domain));
    }
}
