package io.mailserver.admin;

import io.mailserver.account.AccountLinks;
import io.mailserver.account.Quota;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.doctor.ServerFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code account.invite}, {@code account.reset-link}: links that the operator gives to one person. */
final class LinkOperations {
    private static final int HTTPS = 443;

    private final AccountLinks links;
    private final Supplier<ServerFacts> facts;

    LinkOperations(Operations.Parts parts) {
        links = parts.accounts().links();
        facts = parts.facts();
    }

    List<Operation> operations() {
        return List.of(
                new Operation("account.invite", Set.of("for", "quotaBytes", "quotaMessages", "seconds"), this::invite),
                new Operation("account.reset-link", Set.of("address", "seconds"), this::newPassword),
                new Operation("account.links-revoke", Set.of(), _ -> revoke()));
    }

    private Answer invite(Arguments arguments) throws IOException {
        String wanted = arguments.text("for");
        int at = wanted.lastIndexOf('@');
        Domain domain = Domain.parse(wanted.substring(at + 1)).orElseThrow(() -> new OperatorException(
                "\"" + Texts.printable(wanted) + "\" is neither a domain nor an address", "write example.com or name@example.com"));
        Quota quota = new Quota(
                arguments.optionalNumber("quotaMessages").orElse(0), arguments.optionalNumber("quotaBytes").orElse(0));
        Optional<String> localPart = at < 0 ? Optional.empty() : Optional.of(wanted.substring(0, at));
        return answer("whoever opens this makes " + (at < 0 ? "an account of " + domain : "the account " + wanted),
                links.invite(domain, localPart, quota, valid(arguments, AccountLinks.INVITATION)));
    }

    private Answer newPassword(Arguments arguments) throws IOException {
        String address = arguments.text("address");
        return answer("whoever opens this sets a new password of " + address,
                links.newPassword(address, valid(arguments, AccountLinks.NEW_PASSWORD)));
    }

    private Answer revoke() throws IOException {
        int revoked = links.revokeAll();
        return Answer.of(revoked + " open links are no longer good");
    }

    private static Duration valid(Arguments arguments, Duration usual) {
        OptionalLong seconds = arguments.optionalNumber("seconds");
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : usual;
    }

    /** The secret stands behind the #, which browsers send to nobody. */
    private Answer answer(String what, AccountLinks.Made made) {
        ServerFacts server = facts.get();
        int port = server.services().stream().filter(service -> service.name().equals("https")).mapToInt(ServerFacts.Service::port)
                .filter(each -> each > 0).findFirst().orElse(HTTPS);
        String link = "https://" + server.host().ascii() + (port == HTTPS ? "" : ":" + port) + "/welcome#" + made.token();
        return Answer.of(
                List.of(what + ", once, until " + Texts.time(made.expires()) + ":", link + "   (shown only now)"),
                JsonNodeFactory.instance.objectNode().put("link", link).put("expires", made.expires().toString()));
    }
}
