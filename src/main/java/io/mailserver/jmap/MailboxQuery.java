package io.mailserver.jmap;

import io.mailserver.search.UnicodeCasemap;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Mailbox/query and what Mailbox/queryChanges needs (RFC 8621 §2.3, §2.4). */
final class MailboxQuery implements JmapType.Querier {
    private static final int MAX_CONDITIONS = 500;

    /** @param asTree children follow their parents; those of parents that do not fit are left out with {@code filterAsTree} */
    private record Tree(boolean asTree, boolean filterAsTree) {}

    @Override
    public Object options(Arguments arguments) throws MethodException {
        return new Tree(arguments.bool("sortAsTree", false), arguments.bool("filterAsTree", false));
    }

    @Override
    public JmapType.Result query(JmapAccount account, @Nullable JsonNode filter, List<JsonNode> sort, Object options)
            throws MethodException, StoreException {
        String state = account.emails().read(view -> State.of(view.mailboxState()).toString());
        MailboxTreeView tree = new MailboxTreeView(account);
        int[] conditions = {0};
        Predicate<MailboxInfo> fits = filter == null ? mailbox -> true : filter(tree, filter, conditions);
        Comparator<MailboxInfo> order = order(account, tree, sort);
        List<MailboxInfo> all = new ArrayList<>(tree.all());
        all.sort(order);
        Tree how = (Tree) options;
        if (how.asTree()) {
            List<MailboxInfo> flat = List.copyOf(all);
            all.clear();
            addBelow(tree, flat, Optional.empty(), all);
        }
        if (how.filterAsTree()) {
            Predicate<MailboxInfo> alone = fits;
            fits = mailbox -> {
                Optional<MailboxInfo> each = Optional.of(mailbox);
                boolean all1 = true;
                while (each.isPresent() && all1) {
                    all1 = alone.test(each.get());
                    each = tree.parent(each.get());
                }
                return all1;
            };
        }
        return new JmapType.Result(state, all.stream().filter(fits).map(mailbox -> mailbox.id().toString()).toList());
    }

    private static void addBelow(
            MailboxTreeView tree, List<MailboxInfo> sorted, Optional<MailboxInfo> parent, List<MailboxInfo> out) {
        for (MailboxInfo mailbox : sorted) {
            if (tree.parent(mailbox).equals(parent)) {
                out.add(mailbox);
                addBelow(tree, sorted, Optional.of(mailbox), out);
            }
        }
    }

    private static Predicate<MailboxInfo> filter(MailboxTreeView tree, JsonNode filter, int[] conditions) throws MethodException {
        if (!filter.isObject() || ++conditions[0] > MAX_CONDITIONS) {
            throw MethodException.invalidArguments("a filter must be an object, with at most " + MAX_CONDITIONS + " conditions");
        }
        List<Predicate<MailboxInfo>> parts = new ArrayList<>();
        if (filter.has("operator")) {
            for (JsonNode part : filter.path("conditions")) {
                parts.add(filter(tree, part, conditions));
            }
            return switch (filter.path("operator").stringValue("")) {
                case "AND" -> mailbox -> parts.stream().allMatch(part -> part.test(mailbox));
                case "OR" -> mailbox -> parts.stream().anyMatch(part -> part.test(mailbox));
                case "NOT" -> mailbox -> parts.stream().noneMatch(part -> part.test(mailbox));
                default -> throw MethodException.invalidArguments("an operator is AND, OR or NOT");
            };
        }
        for (Map.Entry<String, JsonNode> condition : filter.asObject().properties()) {
            parts.add(condition(tree, condition.getKey(), condition.getValue()));
        }
        return mailbox -> parts.stream().allMatch(part -> part.test(mailbox));
    }

    private static Predicate<MailboxInfo> condition(MailboxTreeView tree, String name, JsonNode value) throws MethodException {
        return switch (name) {
            case "parentId" -> {
                String id = textOrNull(name, value).orElse("");
                yield mailbox -> tree.parent(mailbox).map(parent -> parent.id().toString()).orElse("").equals(id);
            }
            case "name" -> {
                byte[] part = UnicodeCasemap.octets(textOrNull(name, value).orElse(""));
                yield mailbox -> contains(UnicodeCasemap.octets(shownName(tree, mailbox)), part);
            }
            case "role" -> {
                Optional<String> role = textOrNull(name, value);
                yield mailbox -> MailboxTreeView.role(mailbox).equals(role);
            }
            case "hasAnyRole" -> {
                boolean wanted = bool(name, value);
                yield mailbox -> MailboxTreeView.role(mailbox).isPresent() == wanted;
            }
            case "isSubscribed" -> {
                boolean wanted = bool(name, value);
                yield mailbox -> mailbox.subscribed() == wanted;
            }
            default -> throw new MethodException("unsupportedFilter", "there is no condition " + name);
        };
    }

    private static String shownName(MailboxTreeView tree, MailboxInfo mailbox) {
        return mailbox.name().isInbox() ? "Inbox" : tree.localName(mailbox);
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int at = 0; at + part.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> textOrNull(String name, JsonNode value) throws MethodException {
        if (!value.isString() && !value.isNull()) {
            throw MethodException.invalidArguments(name + " must be a string or null");
        }
        return Optional.ofNullable(value.stringValue(null));
    }

    private static boolean bool(String name, JsonNode value) throws MethodException {
        if (!value.isBoolean()) {
            throw MethodException.invalidArguments(name + " must be a Boolean");
        }
        return value.booleanValue();
    }

    private static Comparator<MailboxInfo> order(JmapAccount account, MailboxTreeView tree, List<JsonNode> sort)
            throws MethodException, StoreException {
        Comparator<MailboxInfo> order = (_, _) -> 0;
        for (JsonNode comparator : sort) {
            Comparator<MailboxInfo> next = switch (comparator.path("property").stringValue("")) {
                case "name" -> byName(tree);
                case "sortOrder" -> bySortOrder(account, tree);
                case "parentId" -> Comparator.comparing(
                        mailbox -> tree.parent(mailbox).map(parent -> parent.id().number()).orElse(0));
                default -> throw new MethodException(
                        "unsupportedSort", "nothing can be sorted by " + comparator.path("property").stringValue(""));
            };
            order = order.thenComparing(comparator.path("isAscending").booleanValue(true) ? next : next.reversed());
        }
        return order.thenComparing(MailboxInfo::id);
    }

    private static Comparator<MailboxInfo> byName(MailboxTreeView tree) {
        return Comparator.comparing(mailbox -> UnicodeCasemap.octets(shownName(tree, mailbox)), Arrays::compareUnsigned);
    }

    private static Comparator<MailboxInfo> bySortOrder(JmapAccount account, MailboxTreeView tree) throws StoreException {
        Map<MailboxInfo, Long> orders = new HashMap<>();
        for (MailboxInfo mailbox : tree.all()) {
            orders.put(mailbox, MailboxType.sortOrder(account, mailbox));
        }
        return Comparator.comparing(mailbox -> orders.getOrDefault(mailbox, 0L));
    }

    @Override
    public Optional<Set<String>> touched(JmapAccount account, long state, Object options) throws StoreException {
        Optional<Boolean> tree = account.emails().read(view -> view.mailboxChanges(state).map(
                changes -> changes.stream().anyMatch(change -> !change.countsOnly())));
        if (tree.isEmpty()) {
            return Optional.empty();
        }
        Set<String> touched = new LinkedHashSet<>();
        if (tree.get()) {
            // A name may move a whole tree, and there are few: all of them may be elsewhere. Those gone are in the changes.
            account.emails().read(view -> {
                view.mailboxChanges(state).orElse(List.of()).forEach(change -> touched.add(change.mailbox().toString()));
                return touched;
            });
            account.mail().mailboxes().all().forEach(mailbox -> touched.add(mailbox.id().toString()));
        }
        return Optional.of(touched);
    }
}
