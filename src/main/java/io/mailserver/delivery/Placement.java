package io.mailserver.delivery;

import io.mailserver.account.AccountRef;
import io.mailserver.account.Resolution;
import io.mailserver.store.SpecialUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a message goes in one account.
 *
 * @param folder by its use; empty for the INBOX
 * @param fields of the judgement, for the top of the message
 */
public record Placement(AccountRef account, Optional<SpecialUse> folder, String fields) {
    /**
     * Every account behind the recipients once, in the order they were first named. Whom two recipients lead to gets the message where
     * the milder verdict puts it.
     *
     * @param resolutions of the recipients of the judgement, in the same order
     */
    static List<Placement> of(List<Resolution> resolutions, Optional<Judgement> judgement) {
        Map<Long, Placement> placements = new LinkedHashMap<>();
        for (int i = 0; i < resolutions.size(); i++) {
            Optional<Judgement.ForRecipient> judged = judgement.isEmpty() ? Optional.empty()
                    : Optional.of(judgement.get().recipients().get(i));
            boolean junk = judged.filter(each -> each.verdict() instanceof Verdict.Junk).isPresent();
            String fields = judged.map(Judgement.ForRecipient::fields).orElse("");
            if (resolutions.get(i) instanceof Resolution.Local local) {
                for (AccountRef account : local.accounts()) {
                    Placement placement = new Placement(account, junk ? Optional.of(SpecialUse.JUNK) : Optional.empty(),
                            fields);
                    placements.merge(account.id(), placement, (one, other) -> one.folder().isEmpty() ? one : other);
                }
            }
        }
        return new ArrayList<>(placements.values());
    }
}
