package io.mailserver.admin;

import io.mailserver.account.Account;
import io.mailserver.account.AccountSystem;
import io.mailserver.account.SenderLists;
import io.mailserver.account.SenderMemory;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.base.Time;
import io.mailserver.config.NamePattern;
import io.mailserver.queue.QueueAdmin;
import io.mailserver.queue.QueueFilter;
import io.mailserver.queue.QueueId;
import io.mailserver.queue.RecipientStatus;
import io.mailserver.spam.BayesClassifier;
import io.mailserver.spam.ContentFilter;
import io.mailserver.spam.Tokens;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code spam.*}: what the filter learns, who is wanted, limits of accounts, accounts that are held. */
final class SpamOperations {
    /** A message's tokens in base64. */
    private static final int MAX_TOKENS_CHARS = 48 << 10;

    private static final int MAX_WEIGHED = 15;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_DAYS = 3_650;
    private static final int MAX_HELD_MESSAGES = 100_000;

    private final AccountSystem accounts;
    private final LearningSource learning;
    private final QueueSource queue;
    private final Time time;

    SpamOperations(Operations.Parts parts) {
        accounts = parts.accounts();
        learning = parts.learning();
        queue = parts.queue();
        time = parts.time();
    }

    List<Operation> operations() {
        return List.of(
                new Operation("spam.learn", Set.of("spam", "tokens", "account"), this::learn),
                new Operation("spam.weigh", Set.of("tokens", "account"), this::weigh),
                new Operation("spam.allow", Set.of("senders", "for"), arguments -> put(arguments, true)),
                new Operation("spam.block", Set.of("senders", "for"), arguments -> put(arguments, false)),
                new Operation("spam.unlist", Set.of("senders", "for"), this::unlist),
                new Operation("spam.lists", Set.of("for"), this::lists),
                new Operation("spam.set", Set.of("for", "junk", "reject", "keepJunkDays", "reset"), this::set),
                new Operation("spam.stats", Set.of(), this::stats),
                new Operation("spam.release", Set.of("address"), this::release));
    }

    private Answer learn(Arguments arguments) throws IOException {
        learning.learning().taught(account(arguments), tokens(arguments), arguments.flag("spam"));
        return Answer.of("learned");
    }

    /** What was learned about a message with these tokens, and which of them weigh most; they go by their hashes in hexadecimal digits. */
    private Answer weigh(Arguments arguments) throws IOException {
        Tokens tokens = tokens(arguments);
        Optional<AccountKey> account = account(arguments);
        BayesClassifier server = learning.learning().server();
        Optional<BayesClassifier> own = account.isEmpty() ? Optional.empty() : learning.learning().of(account.get());
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        List<String> lines = new ArrayList<>();
        ContentFilter.learned(tokens, server, own).ifPresent(finding -> {
            data.putObject("finding").put("name", finding.name()).put("points", finding.points()).put("reason", finding.reason());
            lines.add("points " + finding.points() + " " + finding.name() + ": " + finding.reason());
        });
        ArrayNode weighed = data.putArray("tokens");
        for (BayesClassifier.Weight weight : server.weights(tokens, own, MAX_WEIGHED)) {
            ObjectNode each = weighed.addObject();
            each.put("token", Long.toHexString(weight.token())).put("spam", weight.spam()).put("ham", weight.ham());
            each.put("probability", weight.probability());
            lines.add(Long.toHexString(weight.token()) + " " + weight.spam() + " " + weight.ham());
        }
        return Answer.of(lines, data);
    }

    private static Tokens tokens(Arguments arguments) {
        try {
            return Tokens.decode(Base64.getDecoder().decode(arguments.text("tokens", MAX_TOKENS_CHARS)));
        } catch (IllegalArgumentException e) {
            throw new OperatorException("the tokens are none", "let spam learn make them", e);
        }
    }

    /** That of {@code account}; empty for the whole server. */
    private Optional<AccountKey> account(Arguments arguments) throws IOException {
        return arguments.optionalText("account").isEmpty() ? Optional.empty() : Optional.of(account(arguments.text("account")));
    }

    private AccountKey account(String typed) throws IOException {
        Account account = accounts.accounts().get(typed);
        return new AccountKey(account.domain(), account.localPart());
    }

    /** The word for an owner: empty for the server, a domain of ours, the address of an account. */
    private String owner(Arguments arguments) throws IOException {
        Optional<String> typed = arguments.optionalText("for");
        if (typed.isEmpty()) {
            return "";
        }
        if (typed.get().indexOf('@') >= 0) {
            return accounts.accounts().get(typed.get()).address().toString();
        }
        Domain domain = Domain.parse(typed.get()).orElseThrow(() ->
                new OperatorException("\"" + Texts.printable(typed.get()) + "\" is no address and no domain",
                        "write one of this server's"));
        if (!accounts.directory().isOurs(domain)) {
            throw new OperatorException(domain + " is no domain of this server", "see domain list");
        }
        return domain.ascii();
    }

    private static NamePattern pattern(String text) {
        return NamePattern.parse(text).orElseThrow(() -> new OperatorException(
                "\"" + Texts.printable(text) + "\" is no sender", "write an address, a domain, or either with asterisks"));
    }

    private Answer put(Arguments arguments, boolean wanted) throws IOException {
        String owner = owner(arguments);
        List<NamePattern> patterns = arguments.texts("senders").stream().map(SpamOperations::pattern).toList();
        for (NamePattern pattern : patterns) {
            accounts.senderLists().put(new SenderLists.Entry(owner, pattern, wanted, time.now()));
        }
        return Answer.of(Texts.count(patterns.size(), "sender") + (wanted ? " allowed" : " blocked") + of(owner)
                + (wanted ? "; only mail that provably comes from there is let through" : ""));
    }

    private static String of(String owner) {
        return owner.isEmpty() ? " for everybody here" : " for " + owner;
    }

    private Answer unlist(Arguments arguments) throws IOException {
        String owner = owner(arguments);
        for (String text : arguments.texts("senders")) {
            if (!accounts.senderLists().remove(owner, pattern(text).text())) {
                throw new OperatorException("\"" + Texts.printable(text) + "\" is not listed" + of(owner), "see spam lists");
            }
        }
        return Answer.of("removed" + of(owner));
    }

    private Answer lists(Arguments arguments) throws IOException {
        List<SenderLists.Entry> entries = arguments.optionalText("for").isPresent() ? accounts.senderLists().of(owner(arguments))
                : accounts.senderLists().all();
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (SenderLists.Entry entry : entries) {
            ObjectNode node = data.addObject();
            node.put("owner", entry.owner());
            node.put("sender", entry.pattern().text());
            node.put("wanted", entry.wanted());
            node.put("created", entry.created().toString());
            rows.add(List.of(entry.owner().isEmpty() ? "everybody" : entry.owner(), entry.wanted() ? "allow" : "block",
                    entry.pattern().text(), Texts.time(entry.created())));
        }
        return Answer.of(rows.isEmpty() ? List.of("nobody is listed") : Texts.table(List.of("FOR", "", "SENDER", "SINCE"), rows), data);
    }

    private Answer set(Arguments arguments) throws IOException {
        String owner = owner(arguments);
        if (owner.isEmpty()) {
            throw new OperatorException("whose limits?", "name an account or a domain; the server's are in the configuration: spam.junk");
        }
        SenderLists lists = accounts.senderLists();
        if (arguments.flag("reset")) {
            for (SenderLists.Setting setting : SenderLists.Setting.values()) {
                lists.set(owner, setting, OptionalInt.empty());
            }
        }
        set(owner, SenderLists.Setting.JUNK, arguments.optionalNumber("junk"), 1, MAX_LIMIT);
        set(owner, SenderLists.Setting.REJECT, arguments.optionalNumber("reject"), 1, MAX_LIMIT);
        set(owner, SenderLists.Setting.KEEP_JUNK_DAYS, arguments.optionalNumber("keepJunkDays"), 0, MAX_DAYS);
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        List<String> lines = new ArrayList<>();
        for (SenderLists.Setting setting : SenderLists.Setting.values()) {
            OptionalInt value = lists.setting(owner, setting);
            String name = setting.name().toLowerCase(Locale.ROOT).replace('_', '-');
            value.ifPresent(found -> data.put(name, found));
            lines.add(name + ": " + (value.isPresent() ? value.getAsInt() : "as configured"));
        }
        return Answer.of(lines, data);
    }

    private void set(String owner, SenderLists.Setting setting, OptionalLong value, int least, int most) throws IOException {
        if (value.isEmpty()) {
            return;
        }
        if (value.getAsLong() < least || value.getAsLong() > most) {
            throw new OperatorException(value.getAsLong() + " is out of range", "give a number from " + least + " to " + most);
        }
        accounts.senderLists().set(owner, setting, OptionalInt.of((int) value.getAsLong()));
    }

    private Answer stats(Arguments arguments) throws IOException {
        BayesClassifier.Statistics learned = learning.learning().server().statistics();
        SenderMemory.Counts counts = accounts.senderMemory().counts();
        List<SenderMemory.Held> held = accounts.senderMemory().held();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("learnedSpam", learned.spamMessages());
        data.put("learnedHam", learned.hamMessages());
        data.put("tokens", learned.tokens());
        data.put("correspondents", counts.correspondents());
        data.put("senders", counts.reputations());
        data.put("greylisted", counts.greylisted());
        data.put("listed", accounts.senderLists().all().size());
        ArrayNode heldData = data.putArray("held");
        List<String> lines = new ArrayList<>(Texts.fields(
                "learned as junk", Texts.count(learned.spamMessages(), "message"),
                "learned as wanted", Texts.count(learned.hamMessages(), "message"),
                "different tokens", Texts.count(learned.tokens(), "token"),
                "known correspondents", Texts.count(counts.correspondents(), "pair"),
                "senders with a name", Texts.count(counts.reputations(), "domain or network").replace("networks", "network"),
                "greylisted", Texts.count(counts.greylisted(), "sender"),
                "allowed and blocked", Texts.count(accounts.senderLists().all().size(), "sender")));
        if (Math.min(learned.spamMessages(), learned.hamMessages()) < BayesClassifier.MIN_MESSAGES) {
            lines.add("it says nothing of its own before it learned " + BayesClassifier.MIN_MESSAGES + " messages of each kind");
        }
        for (SenderMemory.Held each : held) {
            lines.add("held: " + each.account() + " since " + Texts.time(each.since()) + ": " + each.reason());
            heldData.add(each.account());
        }
        return Answer.of(lines, data);
    }

    private Answer release(Arguments arguments) throws IOException {
        String address = accounts.accounts().get(arguments.text("address")).address().toString();
        if (!accounts.senderMemory().release(address)) {
            throw new OperatorException(address + " is not held", "see spam stats");
        }
        QueueFilter filter = new QueueFilter(Set.of(), Optional.of(address), Optional.empty(), Optional.empty(),
                Optional.of(RecipientStatus.HELD), Duration.ZERO);
        Set<QueueId> ids = new LinkedHashSet<>();
        for (QueueAdmin.Item item : queue.queue().list(filter, MAX_HELD_MESSAGES).items()) {
            if (item.message().envelope().account().equals(address)) {
                ids.add(item.message().id());
            }
        }
        long released = ids.isEmpty() ? 0 : queue.queue().release(new QueueFilter(
                ids, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(RecipientStatus.HELD), Duration.ZERO));
        return Answer.of(address + " may send again; " + Texts.count(released, "recipient") + " of its mail released");
    }
}
