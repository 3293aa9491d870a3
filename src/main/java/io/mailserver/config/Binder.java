package io.mailserver.config;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes records from {@link ConfigNode}s: every key known, every value of its type and within its range, the rest defaults. */
final class Binder {
    private static final int MAX_ITEMS = 1000;

    private final Class<?> root;
    private final Problems problems;
    private final Function<Position, ValueTypes> types;

    /**
     * @param root the whole tree's record, to tell where a misplaced key belongs
     * @param types how values are read at a position: relative paths depend on where they are written
     */
    Binder(Class<?> root, Problems problems, Function<Position, ValueTypes> types) {
        this.root = root;
        this.problems = problems;
        this.types = types;
    }

    /** The record of {@code node}, or null if there are problems, which are noted. */
    <R> @Nullable R bind(Class<R> record, ConfigNode node, String path) {
        Map<String, ConfigNode.Entry> written = entries(node, path);
        if (written == null) {
            return null;
        }
        List<Schema.Entry> keys = Schema.keysOf(record, path);
        refuseUnknown(written, keys, path);
        boolean complete = true;
        @Nullable Object[] values = new Object[keys.size()];
        for (int i = 0; i < values.length; i++) {
            Schema.Entry key = keys.get(i);
            ConfigNode.Entry entry = written.get(key.name());
            values[i] = value(key, entry == null ? null : entry.value(), node.at());
            complete &= values[i] != null;
        }
        return complete ? construct(record, values, node.at()) : null;
    }

    private @Nullable Map<String, ConfigNode.Entry> entries(ConfigNode node, String path) {
        return switch (node) {
            case ConfigNode.Mapping mapping -> mapping.entries();
            case ConfigNode.Scalar scalar when scalar.empty() -> new LinkedHashMap<>();
            default -> {
                String advice = "write key: value lines" + (path.isEmpty() ? "" : " below " + path + ":, indented");
                problems.add(node.at(), (path.isEmpty() ? "the configuration" : path) + " holds keys, not a value", advice);
                yield null;
            }
        };
    }

    private void refuseUnknown(Map<String, ConfigNode.Entry> written, List<Schema.Entry> keys, String path) {
        List<String> names = keys.stream().map(Schema.Entry::name).toList();
        written.forEach((name, entry) -> {
            if (!names.contains(name)) {
                String where = path.isEmpty() ? name : path + "." + name;
                String advice = problems.onlyCounted() ? "" : adviceForUnknown(name, names);
                problems.add(entry.keyAt(), "unknown key " + Words.quote(where), advice);
            }
        });
    }

    private String adviceForUnknown(String name, List<String> siblings) {
        Optional<String> sibling = Words.closest(name, siblings);
        if (sibling.isPresent()) {
            return "did you mean " + sibling.get() + "?";
        }
        for (Schema.Entry entry : Schema.allKeysOf(root)) {
            if (entry.name().equals(name)) {
                return "did you mean " + entry.path() + "?";
            }
        }
        return siblings.size() <= 12 ? "known here: " + String.join(", ", siblings) : "docs/configuration.md lists every key";
    }

    private @Nullable Object value(Schema.Entry key, @Nullable ConfigNode node, Position parentAt) {
        boolean absent = node == null || (node instanceof ConfigNode.Scalar scalar && scalar.empty());
        return switch (key.kind()) {
            case SECTION -> bind(key.item(), node == null ? ConfigNode.Mapping.empty(parentAt) : node, key.path());
            case LIST -> list(key, absent || node == null ? defaultList(key, parentAt) : node);
            case VALUE -> {
                if (!absent && node != null) {
                    Object value = item(key, node, key.path());
                    yield value != null && key.optional() ? Optional.of(value) : value;
                }
                yield defaultValue(key, parentAt);
            }
        };
    }

    private @Nullable Object defaultValue(Schema.Entry key, Position parentAt) {
        if (key.key().value().isEmpty()) {
            if (key.optional()) {
                return Optional.empty();
            }
            problems.add(parentAt, "the key " + key.path() + " is missing", "it has no default");
            return null;
        }
        return item(key, new ConfigNode.Scalar(key.key().value(), false, Position.ofSource("default")), key.path());
    }

    private ConfigNode defaultList(Schema.Entry key, Position parentAt) {
        return key.key().value().isEmpty()
                ? new ConfigNode.Sequence(List.of(), parentAt)
                : YamlReader.read("default", false, key.key().value(), problems);
    }

    private @Nullable Object list(Schema.Entry key, ConfigNode node) {
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            problems.add(node.at(), key.path() + " is a list", "write [a, b] or lines that begin with a hyphen");
            return null;
        }
        if (sequence.items().size() > MAX_ITEMS) {
            problems.add(node.at(), key.path() + " has more than " + MAX_ITEMS + " items", "");
            return null;
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            Object item = item(key, sequence.items().get(i), key.path() + "[" + i + "]");
            if (item != null) {
                items.add(item);
            }
        }
        return items.size() == sequence.items().size() ? List.copyOf(items) : null;
    }

    private @Nullable Object item(Schema.Entry key, ConfigNode node, String path) {
        if (Schema.isSection(key.item())) {
            return bind(key.item(), node, path);
        }
        if (!(node instanceof ConfigNode.Scalar scalar)) {
            problems.add(node.at(), path + " is one value", "write " + path + ": value");
            return null;
        }
        try {
            ValueTypes reader = types.apply(node.at());
            Object value = reader.parse(key.item(), scalar.text());
            checkRange(key.key(), reader, key.item(), value);
            return value;
        } catch (BadValueException e) {
            problems.add(node.at(), path + ": " + e.what(), e.advice());
            return null;
        }
    }

    private static void checkRange(Key key, ValueTypes reader, Class<?> type, Object value) throws BadValueException {
        if (!key.min().isEmpty() && compare(value, reader.parse(type, key.min())) < 0) {
            throw new BadValueException("too small", "the least is " + key.min());
        }
        if (!key.max().isEmpty() && compare(value, reader.parse(type, key.max())) > 0) {
            throw new BadValueException("too large", "the most is " + key.max());
        }
    }

    @SuppressWarnings("unchecked") // Both were made by the same parser and have one type.
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private <R> @Nullable R construct(Class<R> record, @Nullable Object[] values, Position at) {
        try {
            return record.cast(record.getDeclaredConstructors()[0].newInstance(values));
        } catch (InvocationTargetException e) {
            // Rules between keys are checked by the record itself.
            if (e.getCause() instanceof IllegalArgumentException broken) {
                problems.add(at, String.valueOf(broken.getMessage()), "");
                return null;
            }
            throw new IllegalStateException("cannot make a " + record.getSimpleName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + record.getSimpleName(), e);
        }
    }
}
