package io.mailserver.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of configuration before it has a type: what was written, and where. */
sealed interface ConfigNode {
    Position at();

    /** One value as it was written, without its quotes; {@code empty} for nothing or {@code null}. */
    record Scalar(String text, boolean empty, Position at) implements ConfigNode {}

    record Sequence(List<ConfigNode> items, Position at) implements ConfigNode {}

    /** Keys in their order; no key twice. */
    record Mapping(Map<String, Entry> entries, Position at) implements ConfigNode {
        static Mapping empty(Position at) {
            return new Mapping(new LinkedHashMap<>(), at);
        }
    }

    /**
     * @param keyAt where the key stands
     */
    record Entry(Position keyAt, ConfigNode value) {}

    /** {@code over} laid upon {@code under}: mappings are merged key by key, anything else is replaced. */
    static ConfigNode merge(ConfigNode under, ConfigNode over) {
        if (!(under instanceof Mapping below) || !(over instanceof Mapping above)) {
            return over;
        }
        Map<String, Entry> merged = new LinkedHashMap<>(below.entries());
        above.entries().forEach((key, entry) -> {
            Entry old = merged.get(key);
            merged.put(key, old == null ? entry : new Entry(entry.keyAt(), merge(old.value(), entry.value())));
        });
        return new Mapping(merged, below.at());
    }
}
