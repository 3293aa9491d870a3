package io.mailserver.admin;

import io.mailserver.account.Domains;
import io.mailserver.account.MailDomain;
import io.mailserver.base.Content;
import io.mailserver.base.Domain;
import io.mailserver.base.OperatorException;
import io.mailserver.queue.QueueAdmin;
import io.mailserver.queue.QueueFilter;
import io.mailserver.queue.QueueId;
import io.mailserver.queue.QueuedMessage;
import io.mailserver.queue.RecipientStatus;
import io.mailserver.smtp.Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code queue.*}: mail for other servers that waits, is held, or was given up. */
final class QueueOperations {
    private static final Set<String> FILTER =
            Set.of("ids", "sender", "recipient", "destination", "status", "olderSeconds", "all");
    private static final Set<String> LIST = with("count");
    private static final Set<String> BOUNCE = with("reason");
    private static final int DEFAULT_COUNT = 50;
    private static final int MAX_COUNT = 100_000;
    private static final int SHOWN_HEADER_OCTETS = 16 << 10;

    private final QueueSource source;
    private final Domains domains;

    QueueOperations(Operations.Parts parts) {
        source = parts.queue();
        domains = parts.accounts().domains();
    }

    private static Set<String> with(String one) {
        Set<String> all = new TreeSet<>(FILTER);
        all.add(one);
        return Set.copyOf(all);
    }

    List<Operation> operations() {
        return List.of(
                new Operation("queue.list", LIST, arguments -> list(arguments, filter(arguments))),
                new Operation("queue.show", Set.of("id"), this::show),
                new Operation("queue.stats", Set.of(), this::stats),
                new Operation("queue.hold", FILTER, arguments -> done("held", source.queue().hold(chosen(arguments)))),
                new Operation("queue.release", FILTER, arguments -> done("released", source.queue().release(chosen(arguments)))),
                new Operation("queue.retry", FILTER, arguments -> done("tried again now", source.queue().retry(chosen(arguments)))),
                new Operation("queue.flush", Set.of(), arguments ->
                        done("tried again now", source.queue().retry(QueueFilter.ALL))),
                new Operation("queue.pause", Set.of("destination"), arguments -> pause(arguments, true)),
                new Operation("queue.resume", Set.of("destination"), arguments -> pause(arguments, false)),
                new Operation("queue.delete", FILTER, arguments -> done("deleted", source.queue().delete(chosen(arguments)))),
                new Operation("queue.bounce", BOUNCE, this::bounce),
                new Operation("queue.test", Set.of("address", "from"), this::test),
                new Operation("queue.dead.list", LIST, arguments ->
                        list(arguments, filter(arguments).with(RecipientStatus.FAILED))),
                new Operation("queue.dead.requeue", FILTER, arguments ->
                        done("queued again", source.queue().requeue(chosen(arguments)))),
                new Operation("queue.dead.delete", FILTER, arguments ->
                        done("deleted", source.queue().delete(chosen(arguments).with(RecipientStatus.FAILED)))));
    }

    private Answer bounce(Arguments arguments) throws IOException {
        String reason = arguments.optionalText("reason").orElse("returned to its sender by the postmaster");
        return done("returned to their senders", source.queue().bounce(chosen(arguments), Texts.printable(reason)));
    }

    private Answer test(Arguments arguments) throws IOException {
        Address to = address(arguments.text("address"));
        Optional<MailDomain> first = domains.first();
        Address from = arguments.optionalText("from").map(QueueOperations::address).orElseGet(() -> Address.of(
                "postmaster", first.orElseThrow(() -> new OperatorException("there is no domain yet", "domain add first")).name()));
        List<String> lines = source.queue().test(from, to, arguments::tell);
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        lines.forEach(data::add);
        return Answer.of(arguments.isLive() ? List.of() : lines, data);
    }

    private Answer pause(Arguments arguments, boolean pause) throws IOException {
        String typed = arguments.text("destination");
        String destination = typed.equals("*") || typed.startsWith("[")
                ? typed.toLowerCase(Locale.ROOT)
                : Domain.parse(typed).map(Domain::ascii).orElseThrow(() -> new OperatorException(
                        "\"" + Texts.printable(typed) + "\" is no domain",
                        "write the domain of recipients, such as example.net, or * for all"));
        boolean changed = pause ? source.queue().pause(destination) : source.queue().resume(destination);
        String all = destination.equals("*") ? "every destination" : destination;
        return Answer.of(pause
                ? changed ? "nothing is sent to " + all + " until queue resume " + destination : all + " is paused already"
                : changed ? all + " goes on" : all + " was not paused");
    }

    private static Address address(String text) {
        int at = text.lastIndexOf('@');
        Optional<Domain> domain = at < 1 ? Optional.empty() : Domain.parse(text.substring(at + 1));
        String local = at < 1 ? "" : text.substring(0, at);
        if (domain.isEmpty() || local.chars().anyMatch(Character::isISOControl)) {
            throw new OperatorException("\"" + Texts.printable(text) + "\" is no address", "write it like you@example.net");
        }
        return Address.of(local, domain.get());
    }

    private static Answer done(String what, long count) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("recipients", count);
        return Answer.of(Texts.count(count, "recipient") + " " + what, data);
    }

    /** What changes things must say which: nobody deletes a queue by leaving a word out. */
    private static QueueFilter chosen(Arguments arguments) {
        QueueFilter filter = filter(arguments);
        if (filter.equals(QueueFilter.ALL) && !arguments.flag("all")) {
            throw new OperatorException("nothing was chosen", "name messages (Q7B), filter by --sender, --recipient, --destination, "
                    + "--status or --older, or say --all");
        }
        return filter;
    }

    private static QueueFilter filter(Arguments arguments) {
        Set<QueueId> ids = new LinkedHashSet<>();
        for (String text : arguments.texts("ids")) {
            ids.add(id(text));
        }
        return new QueueFilter(
                ids,
                arguments.optionalText("sender"),
                arguments.optionalText("recipient"),
                arguments.optionalText("destination"),
                arguments.optionalText("status").map(QueueOperations::status),
                Duration.ofSeconds(arguments.optionalNumber("olderSeconds").orElse(0)));
    }

    private static QueueId id(String text) {
        return QueueId.parse(text).orElseThrow(() -> new OperatorException(
                "\"" + Texts.printable(text) + "\" is no message of the queue", "they are named like Q7B; see queue list"));
    }

    private static RecipientStatus status(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "pending", "waiting" -> RecipientStatus.PENDING;
            case "held" -> RecipientStatus.HELD;
            case "dead", "failed" -> RecipientStatus.FAILED;
            default -> throw new OperatorException("unknown status \"" + Texts.printable(text) + "\"", "pending, held or dead");
        };
    }

    private static String word(RecipientStatus status) {
        return switch (status) {
            case PENDING -> "pending";
            case HELD -> "held";
            case FAILED -> "dead";
            case DELIVERED, DROPPED -> "gone";
        };
    }

    private Answer list(Arguments arguments, QueueFilter filter) throws IOException {
        int count = (int) Math.min(arguments.optionalNumber("count").orElse(DEFAULT_COUNT), MAX_COUNT);
        QueueAdmin.Listing listing = source.queue().list(filter, count);
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        List<List<String>> rows = new ArrayList<>();
        for (QueueAdmin.Item item : listing.items()) {
            data.add(json(item));
            rows.add(List.of(
                    item.message().id().toString(),
                    Texts.time(item.message().created()),
                    Texts.bytes(item.message().octets()),
                    "<" + item.message().envelope().sender() + ">",
                    item.recipient().address().toString(),
                    item.why()));
        }
        List<String> lines = new ArrayList<>(rows.isEmpty()
                ? List.of("nothing is queued" + (filter.equals(QueueFilter.ALL) ? "" : " that matches"))
                : Texts.table(List.of("ID", "SINCE", "SIZE", "FROM", "TO", "WHY IT WAITS"), rows));
        if (listing.matched() > rows.size()) {
            lines.add("and " + (listing.matched() - rows.size()) + " more; --count shows more of them");
        }
        source.queue().advice().ifPresent(lines::add);
        return Answer.of(lines, data);
    }

    private static ObjectNode json(QueueAdmin.Item item) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", item.message().id().toString());
        node.put("message", item.message().envelope().traceId());
        node.put("created", item.message().created().toString());
        node.put("size", item.message().octets());
        node.put("account", item.message().envelope().account());
        node.put("sender", item.message().envelope().sender());
        node.put("recipient", item.recipient().address().toString());
        node.put("status", word(item.state().status()));
        node.put("attempts", item.state().attempts());
        node.put("due", item.state().due().toString());
        node.put("lastReply", item.state().lastReply());
        node.put("why", item.why());
        return node;
    }

    private Answer show(Arguments arguments) throws IOException {
        QueueId id = id(arguments.text("id"));
        QueueFilter one = new QueueFilter(
                Set.of(id), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);
        List<QueueAdmin.Item> items = source.queue().list(one, MAX_COUNT).items();
        if (items.isEmpty()) {
            throw new OperatorException(id + " is not in the queue", "it may have been delivered; see the log and queue list");
        }
        QueueAdmin.Item first = items.getFirst();
        List<String> lines = new ArrayList<>(Texts.fields(
                "message", id + " (" + first.message().envelope().traceId() + ")",
                "since", Texts.time(first.message().created()),
                "size", Texts.bytes(first.message().octets()),
                "account", first.message().envelope().account(),
                "from", "<" + first.message().envelope().sender() + ">"));
        urgency(first.message()).ifPresent(lines::add);
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (QueueAdmin.Item item : items) {
            lines.add("to " + item.recipient().address() + ": " + item.why());
            data.add(json(item));
        }
        lines.add("");
        lines.addAll(header(id));
        return Answer.of(lines, data);
    }

    /** What its sender wants of its urgency (RFC 2852, RFC 6710); empty for nothing. */
    private static Optional<String> urgency(QueuedMessage message) {
        int priority = message.envelope().parameters().handling().priority();
        List<String> wishes = new ArrayList<>();
        if (priority != 0) {
            wishes.add("priority " + priority);
        }
        message.deliverBy().ifPresent(by -> wishes.add("delivery by " + Texts.time(by.deadline(message.created()))
                + (by.returned() ? ", or it goes back" : ", or word of the delay")));
        return wishes.isEmpty() ? Optional.empty() : Optional.of("its sender wants " + String.join(", and ", wishes));
    }

    private List<String> header(QueueId id) throws IOException {
        Optional<Content> content = source.queue().content(id);
        if (content.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        try (InputStream in = content.get().open()) {
            String start = new String(in.readNBytes(SHOWN_HEADER_OCTETS), StandardCharsets.UTF_8);
            int end = start.indexOf("\r\n\r\n");
            for (String line : start.substring(0, end < 0 ? start.length() : end).split("\r\n", -1)) {
                lines.add(line.codePoints().map(c -> Character.isISOControl(c) && c != '\t' ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString());
            }
        }
        return lines;
    }

    private Answer stats(Arguments arguments) throws IOException {
        QueueAdmin.Summary summary = source.queue().summary();
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("messages", summary.messages());
        List<String> lines = new ArrayList<>();
        lines.add(Texts.count(summary.messages(), "message") + ", " + Texts.bytes(summary.logOctets()) + " of log");
        for (RecipientStatus status : List.of(RecipientStatus.PENDING, RecipientStatus.HELD, RecipientStatus.FAILED)) {
            long count = summary.recipients().getOrDefault(status, 0L);
            data.put(word(status), count);
            lines.add(Texts.count(count, "recipient") + " " + word(status));
        }
        summary.oldest().ifPresent(oldest -> {
            data.put("oldest", oldest.toString());
            lines.add("the oldest waits since " + Texts.time(oldest));
        });
        ArrayNode paused = data.putArray("paused");
        source.queue().paused().forEach(destination -> {
            paused.add(destination);
            lines.add("paused: " + destination);
        });
        ArrayNode findings = data.putArray("findings");
        source.queue().findings().forEach(finding -> {
            findings.add(finding);
            lines.add(finding);
        });
        source.queue().advice().ifPresent(advice -> {
            data.put("advice", advice);
            lines.add(advice);
        });
        ObjectNode destinations = data.putObject("destinations");
        summary.destinations().forEach((destination, count) -> {
            destinations.put(destination, count);
            lines.add("  " + destination + ": " + count);
        });
        return Answer.of(lines, data);
    }
}
