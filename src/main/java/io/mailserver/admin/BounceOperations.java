package io.mailserver.admin;

import io.mailserver.account.ReturnedMail;
import io.mailserver.account.Suppression;
import io.mailserver.account.Suppressions;
import io.mailserver.config.SendingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What came back of what accounts sent, and the addresses that they do not send to any more. */
final class BounceOperations {
    private final Operations.Parts parts;

    BounceOperations(Operations.Parts parts) {
        this.parts = parts;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("queue.reports", Set.of("account"), this::reports),
                new Operation("suppression.list", Set.of("account"), this::list),
                new Operation("suppression.remove", Set.of("account", "address"), this::remove));
    }

    /** What other servers reported after they had taken mail of an account. */
    private Answer reports(Arguments arguments) throws IOException {
        SendingConfig sending = parts.sending().get();
        String account = parts.accounts().accounts().get(arguments.text("account")).address().toString();
        List<List<String>> rows = new ArrayList<>();
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (ReturnedMail.Returned each : parts.accounts().returnedMail().of(
                account, new ReturnedMail.Bounds(sending.reportsKept(), sending.reportsPerAccount()))) {
            String fate = each.fate().name().toLowerCase(Locale.ROOT);
            rows.add(List.of(Texts.time(each.reported()), each.message(), each.address(), fate, each.reply()));
            data.addObject().put("message", each.message()).put("address", each.address()).put("fate", fate).put("reply", each.reply())
                    .put("reported", each.reported().toString());
        }
        return Answer.of(rows.isEmpty()
                ? List.of("no server reported anything of mail that it had taken")
                : Texts.table(List.of("REPORTED", "MESSAGE", "TO", "FATE", "REPLY"), rows), data);
    }

    private Answer list(Arguments arguments) throws IOException {
        SendingConfig sending = parts.sending().get();
        Suppressions.Bounds bounds = new Suppressions.Bounds(sending.suppressionLifetime(), sending.suppressionsPerAccount());
        List<Suppression> all = bounds.on() ? parts.accounts().suppressions().of(arguments.text("account"), bounds) : List.of();
        List<String> lines = new ArrayList<>();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode suppressions = data.putArray("suppressions");
        for (Suppression each : all) {
            lines.add(Texts.printable(each.address()) + " until " + each.until() + ": " + each.reason());
            suppressions.addObject().put("address", each.address()).put("since", each.since().toString())
                    .put("until", each.until().toString()).put("reason", each.reason());
        }
        if (!bounds.on()) {
            lines.add("sending.suppression-lifetime is 0: nothing is suppressed");
        } else if (all.isEmpty()) {
            lines.add("no address is suppressed");
        }
        return Answer.of(lines, data);
    }

    private Answer remove(Arguments arguments) throws IOException {
        int gone = parts.accounts().suppressions().remove(arguments.text("account"), arguments.optionalText("address"));
        return Answer.of(gone + (gone == 1 ? " address" : " addresses") + " may be written to again",
                JsonNodeFactory.instance.objectNode().put("removed", gone));
    }
}
