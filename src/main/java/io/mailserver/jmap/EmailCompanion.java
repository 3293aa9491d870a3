package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** A type of {@link Owner#CAPABILITY} with a record for every email, made of its message; ids and state are those of emails. */
abstract class EmailCompanion implements JmapType.Getter {
    private final String name;
    private final List<String> properties;
    private final EmailType emails = new EmailType();

    /** @param properties of every record, {@code id} included */
    EmailCompanion(String name, List<String> properties) {
        this.name = name;
        this.properties = properties;
    }

    /** The record of an email; {@code options} as of {@link #options}. */
    abstract ObjectNode of(EmailSource source, Object options) throws StoreException, IOException;

    final JmapType type() {
        return new JmapType(name, Owner.CAPABILITY, this, null, null, null);
    }

    @Override
    public final String state(JmapAccount account) throws StoreException {
        return emails.state(account);
    }

    @Override
    public final List<String> defaultProperties() {
        return properties;
    }

    @Override
    public final Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        return emails.allIds(account, limit);
    }

    @Override
    public final Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        return EmailType.each(account, ids, properties, source -> of(source, options));
    }
}
