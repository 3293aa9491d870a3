package io.mailserver.admin;

import io.mailserver.account.Alias;
import io.mailserver.account.Aliases;
import io.mailserver.account.ForwardState;
import io.mailserver.account.Forwards;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code alias.*}: addresses whose mail goes to others. */
final class AliasOperations {
    private static final Set<String> ADDRESS = Set.of("address");
    private static final Set<String> ADDRESS_AND_TARGETS = Set.of("address", "targets");

    private final Aliases aliases;
    private final Forwards forwards;

    AliasOperations(Operations.Parts parts) {
        aliases = parts.accounts().aliases();
        forwards = parts.accounts().forwards();
    }

    List<Operation> operations() {
        return List.of(
                new Operation("alias.add", ADDRESS_AND_TARGETS, this::add),
                new Operation("alias.set", ADDRESS_AND_TARGETS, this::set),
                new Operation("alias.list", Set.of("domain"), this::list),
                new Operation("alias.show", ADDRESS, this::show),
                new Operation("alias.resume", ADDRESS, this::resume),
                new Operation("alias.enable", ADDRESS, arguments -> setEnabled(arguments, true)),
                new Operation("alias.disable", ADDRESS, arguments -> setEnabled(arguments, false)),
                new Operation("alias.remove", ADDRESS, this::remove));
    }

    private Answer add(Arguments arguments) throws IOException {
        Alias alias = aliases.add(arguments.text("address"), arguments.texts("targets"));
        return Answer.of("alias " + alias.address() + " added: mail goes to " + targets(alias), json(alias));
    }

    private Answer set(Arguments arguments) throws IOException {
        Alias alias = aliases.setTargets(arguments.text("address"), arguments.texts("targets"));
        return Answer.of("alias " + alias.address() + " changed: mail goes to " + targets(alias), json(alias));
    }

    private Answer list(Arguments arguments) throws IOException {
        Optional<Domain> domain = arguments.optionalDomain("domain");
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (Alias alias : aliases.list()) {
            if (domain.isEmpty() || alias.address().domain().equals(domain)) {
                data.add(json(alias));
                rows.add(List.of(alias.address().toString(), state(alias), targets(alias)));
            }
        }
        List<String> lines = rows.isEmpty()
                ? List.of("no aliases; add one with: alias add name@example.com target@example.com")
                : Texts.table(List.of("ALIAS", "STATE", "MAIL GOES TO"), rows);
        return Answer.of(lines, data);
    }

    private Answer show(Arguments arguments) throws IOException {
        Alias alias = require(arguments.text("address"));
        ObjectNode data = json(alias);
        ArrayNode failing = data.putArray("failing");
        List<String> lines = new ArrayList<>(
                Texts.fields("alias", alias.address().toString(), "state", state(alias), "mail goes to", targets(alias)));
        for (ForwardState state : forwards.of(alias.address())) {
            ObjectNode node = failing.addObject();
            node.put("target", state.forward().target().toString());
            node.put("failures", state.failures());
            node.put("since", state.firstFailure().toString());
            node.put("reason", state.reason());
            node.put("suspended", state.suspended().map(Instant::toString).orElse(null));
            lines.add(state.suspended()
                    .map(since -> state.forward().target() + " is suspended since " + Texts.time(since) + "; alias resume "
                            + alias.address() + " tries it again")
                    .orElseGet(() -> state.forward().target() + " fails since " + Texts.time(state.firstFailure()))
                    + ": " + Texts.count(state.failures(), "message") + " came back, the last with: " + state.reason());
        }
        return Answer.of(lines, data);
    }

    private Answer resume(Arguments arguments) throws IOException {
        List<Address> resumed = forwards.resume(arguments.text("address"));
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        resumed.forEach(target -> data.add(target.toString()));
        return Answer.of("mail is forwarded again to " + resumed.stream().map(Address::toString).collect(Collectors.joining(", ")), data);
    }

    private Answer setEnabled(Arguments arguments, boolean enabled) throws IOException {
        aliases.setEnabled(arguments.text("address"), enabled);
        Alias alias = require(arguments.text("address"));
        return Answer.of("alias " + alias.address() + (enabled ? " enabled" : " disabled; its mail is refused"), json(alias));
    }

    private Answer remove(Arguments arguments) throws IOException {
        Alias alias = require(arguments.text("address"));
        aliases.remove(arguments.text("address"));
        return Answer.of("alias " + alias.address() + " removed");
    }

    private Alias require(String typed) throws IOException {
        return aliases.find(typed)
                .orElseThrow(() -> new OperatorException("there is no alias " + Texts.printable(typed), "see alias list"));
    }

    private static ObjectNode json(Alias alias) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("address", alias.address().toString());
        node.put("enabled", alias.enabled());
        node.put("automatic", alias.automatic());
        ArrayNode targets = node.putArray("targets");
        alias.targets().forEach(target -> targets.add(target.toString()));
        return node;
    }

    private static String state(Alias alias) {
        return alias.automatic() ? "automatic" : DomainOperations.state(alias.enabled());
    }

    private static String targets(Alias alias) {
        return alias.targets().isEmpty()
                ? "nobody: there is no account yet"
                : alias.targets().stream().map(Address::toString).collect(Collectors.joining(", "));
    }
}
