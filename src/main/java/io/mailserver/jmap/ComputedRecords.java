package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import tools.jackson.databind.node.ObjectNode;

/**
 * The few records of a type that are made anew at each call, from what is kept elsewhere: their state is a sum of all of them, and there
 * is no /changes.
 *
 * @param properties of every record, {@code id} included
 * @param source makes them, by id, in the order to be shown
 */
record ComputedRecords(List<String> properties, Source source) implements JmapType.Getter {
    /** Makes all records of an account. */
    @FunctionalInterface
    interface Source {
        Map<String, ObjectNode> all(JmapAccount account) throws StoreException;
    }

    @Override
    public String state(JmapAccount account) throws StoreException {
        CRC32C sum = new CRC32C();
        source.all(account).forEach((id, record) -> {
            sum.update(id.getBytes(StandardCharsets.UTF_8));
            sum.update(Json.octets(record));
        });
        return Long.toString(sum.getValue(), Character.MAX_RADIX);
    }

    @Override
    public List<String> defaultProperties() {
        return properties;
    }

    @Override
    public Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        return AccountRecords.ids(source.all(account), limit);
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> wanted, Object options)
            throws StoreException {
        return AccountRecords.shown(source.all(account), ids, wanted);
    }
}
