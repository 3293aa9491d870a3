package io.mailserver.admin;

import io.mailserver.account.DkimKeys;
import io.mailserver.account.Domains;
import io.mailserver.account.MailDomain;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code domain.*}: the domains this server takes mail for. */
final class DomainOperations {
    private static final Set<String> DOMAIN = Set.of("domain");

    private final Domains domains;
    private final DkimKeys keys;

    DomainOperations(Operations.Parts parts) {
        domains = parts.accounts().domains();
        keys = parts.accounts().dkimKeys();
    }

    List<Operation> operations() {
        return List.of(
                new Operation("domain.add", DOMAIN, this::add),
                new Operation("domain.list", Set.of(), this::list),
                new Operation("domain.show", DOMAIN, this::show),
                new Operation("domain.enable", DOMAIN, arguments -> setEnabled(arguments, true)),
                new Operation("domain.disable", DOMAIN, arguments -> setEnabled(arguments, false)),
                new Operation("domain.catch-all", Set.of("domain", "target"), this::setCatchAll),
                new Operation("domain.remove", DOMAIN, this::remove));
    }

    private Answer add(Arguments arguments) throws IOException {
        MailDomain domain = domains.add(arguments.domain("domain"));
        keys.ensure(domain.name());
        return Answer.of(
                List.of(
                        "domain " + people(domain.name()) + " added",
                        "postmaster@" + domain.name() + " and abuse@" + domain.name() + " exist by themselves",
                        "what to publish in the DNS: dns " + domain.name()),
                json(domain));
    }

    private Answer list(Arguments arguments) throws IOException {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (MailDomain domain : domains.list()) {
            Domains.Contents contents = domains.contents(domain.name());
            data.add(json(domain).put("accounts", contents.accounts()).put("aliases", contents.aliases()));
            rows.add(List.of(
                    people(domain.name()),
                    state(domain.enabled()),
                    Long.toString(contents.accounts()),
                    Long.toString(contents.aliases()),
                    catchAll(domain)));
        }
        List<String> lines = rows.isEmpty()
                ? List.of("no domains yet; add one with: domain add example.com")
                : Texts.table(List.of("DOMAIN", "STATE", "ACCOUNTS", "ALIASES", "CATCH-ALL"), rows);
        return Answer.of(lines, data);
    }

    private Answer show(Arguments arguments) throws IOException {
        MailDomain domain = require(arguments.domain("domain"));
        Domains.Contents contents = domains.contents(domain.name());
        return Answer.of(
                Texts.fields(
                        "domain", people(domain.name()),
                        "state", state(domain.enabled()),
                        "accounts", Long.toString(contents.accounts()),
                        "aliases", Long.toString(contents.aliases()),
                        "catch-all", catchAll(domain),
                        "added", Texts.time(domain.created())),
                json(domain).put("accounts", contents.accounts()).put("aliases", contents.aliases()));
    }

    private Answer setEnabled(Arguments arguments, boolean enabled) throws IOException {
        Domain name = arguments.domain("domain");
        domains.setEnabled(name, enabled);
        String consequence = enabled ? "" : "; its mail is refused and its accounts cannot log in";
        return Answer.of("domain " + people(name) + (enabled ? " enabled" : " disabled") + consequence, json(require(name)));
    }

    private Answer setCatchAll(Arguments arguments) throws IOException {
        Domain name = arguments.domain("domain");
        domains.setCatchAll(name, arguments.optionalText("target").orElse(null));
        MailDomain domain = require(name);
        String line = domain.catchAll().isPresent()
                ? "mail for unknown addresses of " + people(name) + " goes to " + domain.catchAll().get()
                : "mail for unknown addresses of " + people(name) + " is refused";
        return Answer.of(line, json(domain));
    }

    private Answer remove(Arguments arguments) throws IOException {
        Domain name = arguments.domain("domain");
        domains.remove(name);
        return Answer.of("domain " + people(name) + " removed");
    }

    private MailDomain require(Domain name) throws IOException {
        return domains.find(name)
                .orElseThrow(() -> new OperatorException("domain " + name + " is not here", "add it with: domain add " + name));
    }

    private static ObjectNode json(MailDomain domain) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("domain", domain.name().ascii());
        node.put("unicode", domain.name().unicode());
        node.put("enabled", domain.enabled());
        node.put("catchAll", domain.catchAll().map(Object::toString).orElse(null));
        node.put("created", domain.created().toString());
        return node;
    }

    /** The name as it is published, with its other form where it has one. */
    private static String people(Domain name) {
        return name.unicode().equals(name.ascii()) ? name.ascii() : name.ascii() + " (" + name.unicode() + ")";
    }

    static String state(boolean enabled) {
        return enabled ? "enabled" : "disabled";
    }

    private static String catchAll(MailDomain domain) {
        return domain.catchAll().map(Object::toString).orElse("-");
    }
}
