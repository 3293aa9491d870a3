package io.mailserver.admin;

import io.mailserver.account.Account;
import io.mailserver.account.AccountSystem;
import io.mailserver.account.Credential;
import io.mailserver.account.Credentials;
import io.mailserver.account.LoginThrottle;
import io.mailserver.account.Quota;
import io.mailserver.account.RandomPassword;
import io.mailserver.account.VacationResponses;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.store.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code account.*}: mailbox owners and their passwords. */
final class AccountOperations {
    private static final Set<String> ADDRESS = Set.of("address");

    private final AccountSystem accounts;
    private final Operations.Parts parts;
    private final AccountRemoval removal;

    AccountOperations(Operations.Parts parts) {
        this.parts = parts;
        this.accounts = parts.accounts();
        this.removal = new AccountRemoval(accounts.accounts(), parts.folders(), parts.files(), parts.time());
    }

    List<Operation> operations() {
        return List.of(
                new Operation(
                        "account.add", Set.of("address", "password", "random", "name", "quotaBytes", "quotaMessages"), this::add),
                new Operation("account.list", Set.of("domain"), this::list),
                new Operation("account.show", ADDRESS, this::show),
                new Operation("account.passwd", Set.of("address", "password", "random", "label"), this::setPassword),
                new Operation("account.passwd-remove", Set.of("address", "label"), this::removePassword),
                new Operation("account.enable", ADDRESS, arguments -> setEnabled(arguments, true)),
                new Operation("account.disable", ADDRESS, arguments -> setEnabled(arguments, false)),
                new Operation("account.quota", Set.of("address", "bytes", "messages"), this::setQuota),
                new Operation("account.unlock", Set.of("address", "ip"), this::unlock),
                new Operation("account.vacation", Set.of("address", "subject", "text", "from", "until", "off"), this::vacation),
                new Operation("account.remove", ADDRESS, removal::remove),
                new Operation("account.removed", Set.of(), removal::list));
    }

    private Answer add(Arguments arguments) throws IOException {
        Password password = password(arguments);
        Quota quota = new Quota(
                arguments.optionalNumber("quotaMessages").orElse(0), arguments.optionalNumber("quotaBytes").orElse(0));
        Account account = accounts.accounts().add(
                arguments.text("address"), password.text(), arguments.optionalText("name").orElse(""), quota);
        return withPassword("account " + account.address() + " added", json(account), password);
    }

    private Answer vacation(Arguments arguments) throws IOException {
        Account account = accounts.accounts().get(arguments.text("address"));
        VacationResponses.Response before = accounts.vacations().of(account.id());
        VacationResponses.Response now = before;
        Optional<String> text = arguments.optionalText("text");
        if (arguments.flag("off")) {
            now = new VacationResponses.Response(false, before.from(), before.to(), before.subject(), before.text(), before.html());
        } else if (text.isPresent()) {
            try {
                now = new VacationResponses.Response(
                        true, instant(arguments, "from"), instant(arguments, "until"), arguments.optionalText("subject"), text,
                        Optional.empty());
            } catch (IllegalArgumentException e) {
                throw new OperatorException(String.valueOf(e.getMessage()), "shorten it");
            }
        }
        if (!now.equals(before)) {
            accounts.vacations().set(account.id(), now);
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("address", account.address().toString());
        data.put("enabled", now.isEnabled());
        data.put("from", now.from().map(Instant::toString).orElse(null));
        data.put("until", now.to().map(Instant::toString).orElse(null));
        data.put("subject", now.subject().orElse(null));
        data.put("text", now.text().orElse(null));
        return Answer.of(Texts.fields(
                "automatic answers", now.isEnabled() ? "on" : "off", "from", now.from().map(Texts::time).orElse("now"),
                "until", now.to().map(Texts::time).orElse("switched off"),
                "subject", now.subject().orElse("made of the message's"), "text", now.text().orElse("")), data);
    }

    private static Optional<Instant> instant(Arguments arguments, String name) {
        Optional<String> text = arguments.optionalText(name);
        try {
            return text.map(day -> LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException e) {
            throw new OperatorException("\"" + Texts.printable(text.orElse("")) + "\" is no day", "write it like 2026-12-24");
        }
    }

    private Answer list(Arguments arguments) throws IOException {
        Optional<Domain> domain = arguments.optionalDomain("domain");
        List<Account> found = domain.isPresent()
                ? accounts.accounts().list(domain.get())
                : accounts.accounts().list();
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (Account account : found) {
            data.add(json(account));
            rows.add(List.of(
                    account.address().toString(),
                    DomainOperations.state(account.enabled()),
                    quota(account.quota()),
                    account.displayName()));
        }
        List<String> lines = rows.isEmpty()
                ? List.of("no accounts yet; add one with: account add name@example.com")
                : Texts.table(List.of("ACCOUNT", "STATE", "QUOTA", "NAME"), rows);
        return Answer.of(lines, data);
    }

    private Answer show(Arguments arguments) throws IOException {
        Account account = accounts.accounts().get(arguments.text("address"));
        List<Credential> passwords = accounts.credentials().list(account.address().toString());
        Usage usage = usage(account);
        String folder = parts.folders().maildir(account.domain(), account.localPart()).toString();
        List<String> lines = new ArrayList<>(Texts.fields(
                "account", account.address().toString(),
                "name", account.displayName().isEmpty() ? "-" : account.displayName(),
                "state", DomainOperations.state(account.enabled()),
                "locked", locked(account).map(left -> "for " + left + "; end it with: account unlock " + account.address()).orElse("no"),
                "holds", holds(usage),
                "quota", quota(account.quota()),
                "sent", SendingOperations.sent(parts, account),
                "sends as", SendingOperations.sendsAs(parts, account),
                "added", Texts.time(account.created()),
                "mail", folder));
        lines.add("passwords:");
        for (String line : Texts.table(List.of("LABEL", "SET", "LAST USED"), passwords.stream().map(AccountOperations::row).toList())) {
            lines.add("  " + line);
        }
        ObjectNode data = json(account, usage).put("maildir", folder).put("locked", locked(account).isPresent());
        data.set("sending", SendingOperations.json(parts, account));
        ArrayNode credentials = data.putArray("credentials");
        passwords.forEach(password -> credentials
                .addObject()
                .put("label", password.label())
                .put("created", password.created().toString())
                .put("lastUsed", password.lastUsed().map(Object::toString).orElse(null)));
        return Answer.of(lines, data);
    }

    private Answer setPassword(Arguments arguments) throws IOException {
        Password password = password(arguments);
        String label = arguments.optionalText("label").orElse(Credentials.MAIN_LABEL);
        accounts.credentials().set(arguments.text("address"), label, password.text());
        Account account = accounts.accounts().get(arguments.text("address"));
        return withPassword("password \"" + label + "\" of " + account.address() + " set", json(account), password);
    }

    private Answer removePassword(Arguments arguments) throws IOException {
        String label = arguments.text("label");
        accounts.credentials().remove(arguments.text("address"), label);
        Account account = accounts.accounts().get(arguments.text("address"));
        boolean last = accounts.credentials().list(arguments.text("address")).isEmpty();
        String consequence = last ? "; it was the last one, nobody can log in now" : "";
        return Answer.of("password \"" + label + "\" of " + account.address() + " removed" + consequence, json(account));
    }

    private Answer setEnabled(Arguments arguments, boolean enabled) throws IOException {
        Account account = accounts.accounts().setEnabled(arguments.text("address"), enabled);
        String consequence = enabled ? "" : "; its mail is refused and it cannot log in";
        return Answer.of("account " + account.address() + (enabled ? " enabled" : " disabled") + consequence, json(account));
    }

    /** Sets what is given; with neither, tells what it is. */
    private Answer setQuota(Arguments arguments) throws IOException {
        Account account = accounts.accounts().get(arguments.text("address"));
        OptionalLong bytes = arguments.optionalNumber("bytes");
        OptionalLong messages = arguments.optionalNumber("messages");
        if (bytes.isPresent() || messages.isPresent()) {
            Quota quota = new Quota(
                    messages.orElse(account.quota().messages()), bytes.orElse(account.quota().bytes()));
            account = accounts.accounts().setQuota(arguments.text("address"), quota);
        }
        Usage usage = usage(account);
        return Answer.of(
                Texts.fields("account", account.address().toString(), "holds", holds(usage), "quota", quota(account.quota())),
                json(account, usage));
    }

    private Answer unlock(Arguments arguments) throws IOException {
        Optional<String> address = arguments.optionalText("address");
        Optional<String> ip = arguments.optionalText("ip");
        if (address.isEmpty() == ip.isEmpty()) {
            throw new OperatorException("name what to unlock", "give either an account or --ip ADDRESS");
        }
        String what;
        boolean was;
        if (address.isPresent()) {
            what = accounts.accounts().get(address.get()).address().toString();
            was = accounts.throttle().unlockAccount(what);
        } else {
            InetAddress client = ServerOperations.ipAddress(ip.orElseThrow());
            what = client.getHostAddress();
            was = accounts.throttle().unlockAddress(client);
        }
        return Answer.of(was ? what + " unlocked" : what + " was not locked; its failed logins are forgotten");
    }

    private Usage usage(Account account) throws IOException {
        return parts.files().call(() -> parts.folders().usage(account.domain(), account.localPart()));
    }

    private Optional<String> locked(Account account) {
        return accounts.throttle().locked().stream()
                .filter(locked -> locked.what().equals(account.address().toString()))
                .map(LoginThrottle.Locked::remaining)
                .map(Texts::duration)
                .findFirst();
    }

    /** @param random whether the operator does not know it yet */
    private record Password(String text, boolean random) {
        @Override
        public String toString() {
            return "Password[...]";
        }
    }

    private Password password(Arguments arguments) {
        Optional<String> given = arguments.optionalText("password");
        boolean random = arguments.flag("random");
        if (given.isPresent() == random) {
            throw new OperatorException("a password is needed", "type it, pipe it, or let --random make one");
        }
        return given.map(text -> new Password(text, false)).orElseGet(() -> new Password(RandomPassword.make(parts.random()), true));
    }

    private static Answer withPassword(String line, ObjectNode data, Password password) {
        if (!password.random()) {
            return Answer.of(line, data);
        }
        data.put("password", password.text());
        return Answer.of(List.of(line, "password: " + password.text() + "   (shown only now)"), data);
    }

    private static List<String> row(Credential password) {
        return List.of(
                password.label(),
                Texts.time(password.created()),
                password.lastUsed().map(used -> Texts.time(used)).orElse("never"));
    }

    private static String holds(Usage usage) {
        return Texts.count(usage.messages(), "message") + ", " + Texts.bytes(usage.bytes());
    }

    private static String quota(Quota quota) {
        String bytes = quota.bytes() == 0 ? "" : Texts.bytes(quota.bytes());
        String messages = quota.messages() == 0 ? "" : Texts.count(quota.messages(), "message");
        String both = bytes.isEmpty() || messages.isEmpty() ? bytes + messages : bytes + ", " + messages;
        return both.isEmpty() ? "none" : both;
    }

    private static ObjectNode json(Account account, Usage usage) {
        return json(account).put("messages", usage.messages()).put("bytes", usage.bytes());
    }

    static ObjectNode json(Account account) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("address", account.address().toString());
        node.put("id", account.id());
        node.put("name", account.displayName());
        node.put("enabled", account.enabled());
        node.put("quotaBytes", account.quota().bytes());
        node.put("quotaMessages", account.quota().messages());
        node.put("created", account.created().toString());
        return node;
    }
}
