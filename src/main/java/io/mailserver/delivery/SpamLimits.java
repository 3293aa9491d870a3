package io.mailserver.delivery;

import io.mailserver.config.SpamConfig;
import io.mailserver.smtp.Address;
import io.mailserver.spam.Finding;
import io.mailserver.spam.SpamReport;
import java.util.List;
import java.util.Optional;

/**
 * What counts for one recipient of a message: the account's own limits before its domain's, those before the server's.
 *
 * @param reject never less than {@code junk}
 */
record SpamLimits(List<Finding> findings, double score, int junk, int reject) {
    /** @param recipient empty for whom it does not matter */
    static SpamLimits of(SpamConfig config, SpamReport content, Optional<Address> recipient) {
        Optional<SpamConfig.DomainLimits> domain = recipient.flatMap(Address::domain)
                .flatMap(name -> config.domains().stream().filter(each -> each.domain().equals(name)).findFirst());
        SpamReport.ForRecipient own = content.forRecipient(recipient.map(Address::toString).orElse(""));
        int junk = own.junk().orElse(domain.map(SpamConfig.DomainLimits::junk).orElse(config.junk()));
        int reject = own.reject().orElse(domain.map(SpamConfig.DomainLimits::reject).orElse(config.reject()));
        return new SpamLimits(own.findings(), own.score(), junk, Math.max(junk, reject));
    }
}
