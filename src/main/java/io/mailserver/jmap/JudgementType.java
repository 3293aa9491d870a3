package io.mailserver.jmap;

import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** EmailJudgement of {@link Owner#CAPABILITY}: why an email was judged as it was; its ids are those of emails. */
final class JudgementType extends EmailCompanion {
    private static final List<String> PROPERTIES = List.of("id", "authentication", "spam", "lines");

    private final String checkedBy;

    /** @param checkedBy the host name that this server's own Authentication-Results bear */
    JudgementType(String checkedBy) {
        super("EmailJudgement", PROPERTIES);
        this.checkedBy = checkedBy;
    }

    @Override
    ObjectNode of(EmailSource source, Object options) throws StoreException, IOException {
        return RecordedJudgement.in(source.header(), checkedBy).toJson();
    }
}
