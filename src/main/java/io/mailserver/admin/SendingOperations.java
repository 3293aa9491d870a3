package io.mailserver.admin;

import io.mailserver.account.Account;
import io.mailserver.account.AccountSystem;
import io.mailserver.account.Allowance;
import io.mailserver.account.Delegations;
import io.mailserver.account.SendingLimits;
import io.mailserver.base.OperatorException;
import io.mailserver.config.SendingConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What accounts may send to other servers. */
final class SendingOperations {
    private final AccountSystem accounts;
    private final Operations.Parts parts;

    SendingOperations(Operations.Parts parts) {
        this.accounts = parts.accounts();
        this.parts = parts;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("account.limits", Set.of("address", "messages", "recipients", "firstTime", "default"), this::limits),
                new Operation("account.send-as", Set.of("address", "as", "revoke"), this::sendAs));
    }

    /** Gives or takes a right, or tells which there are. */
    private Answer sendAs(Arguments arguments) throws IOException {
        String account = accounts.accounts().get(arguments.text("address")).address().toString();
        Optional<String> as = arguments.optionalText("as");
        if (as.isEmpty() && arguments.flag("revoke")) {
            throw new OperatorException("name the address that it may not use", "account send-as " + account + " ADDRESS --revoke");
        }
        String line;
        if (as.isEmpty()) {
            line = account + " may send as its own addresses" + others(account);
        } else if (!arguments.flag("revoke")) {
            line = account + " may send as " + accounts.delegations().grant(account, as.get()).address() + " now";
        } else if (accounts.delegations().revoke(account, as.get())) {
            line = account + " may not send as " + Texts.printable(as.get()) + " any more";
        } else {
            throw new OperatorException(account + " has no such right", "account send-as " + account + " shows which it has");
        }
        return Answer.of(line, JsonNodeFactory.instance.objectNode().put("address", account).set("sendsAs", delegations(account)));
    }

    private String others(String account) throws IOException {
        List<Delegations.Delegation> all = accounts.delegations().of(account);
        return all.isEmpty() ? "" : " and as " + all.stream().map(Delegations.Delegation::address).collect(Collectors.joining(", "));
    }

    private ArrayNode delegations(String account) throws IOException {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        accounts.delegations().of(account).forEach(each ->
                data.addObject().put("address", each.address()).put("since", each.since().toString()));
        return data;
    }

    /** As whom an account may send besides its own addresses; "nobody" for none. */
    static String sendsAs(Operations.Parts parts, Account account) throws IOException {
        List<Delegations.Delegation> all = parts.accounts().delegations().of(account.address().toString());
        return all.isEmpty() ? "nobody else" : all.stream().map(Delegations.Delegation::address).collect(Collectors.joining(", "));
    }

    /** Sets what is given; with nothing, tells what it is. */
    private Answer limits(Arguments arguments) throws IOException {
        Account account = accounts.accounts().get(arguments.text("address"));
        SendingLimits.Own before = accounts.sendingLimits().own(account.address().toString());
        SendingLimits.Own kept = arguments.flag("default") ? SendingLimits.Own.NOTHING : before;
        SendingLimits.Own now = new SendingLimits.Own(
                limit(arguments, "messages", kept.messages()),
                limit(arguments, "recipients", kept.recipients()),
                limit(arguments, "firstTime", kept.firstTime()));
        if (!now.equals(before)) {
            accounts.sendingLimits().set(account.address(), now);
        }
        return Answer.of(Texts.fields("account", account.address().toString(), "sent", sent(parts, account)), json(parts, account));
    }

    private static OptionalInt limit(Arguments arguments, String name, OptionalInt before) {
        OptionalLong given = arguments.optionalNumber(name);
        if (given.isEmpty()) {
            return before;
        }
        if (given.getAsLong() > SendingConfig.MAX_PER_DAY) {
            throw new OperatorException("at most " + SendingConfig.MAX_PER_DAY + " can be allowed", "give none for no limit");
        }
        return OptionalInt.of(given.getAsLong() == 0 ? Allowance.UNLIMITED : (int) given.getAsLong());
    }

    /** What an account sent within 24 hours, of what it may, in one line. */
    static String sent(Operations.Parts parts, Account account) throws IOException {
        Allowance sent = parts.accounts().sendingLimits().sent(account.address().toString());
        SendingLimits.Own own = parts.accounts().sendingLimits().own(account.address().toString());
        Allowance most = own.over(general(parts));
        return "in 24 hours " + of(sent.messages(), most.messages()) + " messages, " + of(sent.recipients(), most.recipients())
                + " recipients, " + of(sent.firstTime(), most.firstTime()) + " of them for the first time"
                + (own.equals(SendingLimits.Own.NOTHING) ? "" : " (limits of its own)");
    }

    private static String of(int sent, int most) {
        return most == Allowance.UNLIMITED ? String.valueOf(sent) : String.format(Locale.ROOT, "%d of %d", sent, most);
    }

    /** The same for programs; null where there is no limit. */
    static ObjectNode json(Operations.Parts parts, Account account) throws IOException {
        Allowance sent = parts.accounts().sendingLimits().sent(account.address().toString());
        Allowance most = parts.accounts().sendingLimits().own(account.address().toString()).over(general(parts));
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("messages", sent.messages()).put("recipients", sent.recipients()).put("firstTime", sent.firstTime());
        put(data, "messagesPerDay", most.messages());
        put(data, "recipientsPerDay", most.recipients());
        put(data, "firstTimePerDay", most.firstTime());
        return data;
    }

    private static void put(ObjectNode data, String name, int limit) {
        if (limit == Allowance.UNLIMITED) {
            data.putNull(name);
        } else {
            data.put(name, limit);
        }
    }

    private static Allowance general(Operations.Parts parts) {
        SendingConfig sending = parts.sending().get();
        return new Allowance(sending.messagesPerDay(), sending.recipientsPerDay(), sending.firstTimeRecipientsPerDay());
    }
}
