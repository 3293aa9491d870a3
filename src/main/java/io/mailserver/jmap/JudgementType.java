package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** EmailJudgement of {@link Owner#CAPABILITY}: why an email was judged as it was; its ids are those of emails. */
final class JudgementType implements JmapType.Getter {
    private static final List<String> PROPERTIES = List.of("id", "authentication", "spam", "lines");

    private final EmailType emails = new EmailType();
    private final String checkedBy;

    /** @param checkedBy the host name that this server's own Authentication-Results bear */
    JudgementType(String checkedBy) {
        this.checkedBy = checkedBy;
    }

    JmapType type() {
        return new JmapType("EmailJudgement", Owner.CAPABILITY, this, null, null, null);
    }

    @Override
    public String state(JmapAccount account) throws StoreException {
        return emails.state(account);
    }

    @Override
    public List<String> defaultProperties() {
        return PROPERTIES;
    }

    @Override
    public boolean isProperty(String name) {
        return PROPERTIES.contains(name);
    }

    @Override
    public Optional<List<String>> allIds(JmapAccount account, int limit) throws StoreException {
        return emails.allIds(account, limit);
    }

    @Override
    public Map<String, ObjectNode> get(JmapAccount account, List<String> ids, Set<String> properties, Object options)
            throws StoreException {
        return EmailType.each(account, ids, properties, source -> RecordedJudgement.in(source.header(), checkedBy).toJson());
    }
}
