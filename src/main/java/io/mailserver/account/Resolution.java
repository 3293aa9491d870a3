package io.mailserver.account;

import io.mailserver.base.Domain;
import java.util.List;

/** Who gets the mail for an address. */
public sealed interface Resolution {
    /** @param accounts one or more, each once, in a stable order */
    record Local(List<AccountRef> accounts) implements Resolution {
        public Local {
            accounts = List.copyOf(accounts);
        }
    }

    /**
     * The domain's address for reports: the server reads them itself.
     *
     * @param domain whose
     */
    record Reports(ReportAddress kind, Domain domain) implements Resolution {}

    /** The domain is ours, the mailbox is not: 550 5.1.1. */
    record UnknownUser() implements Resolution {}

    /** The domain is not ours: 550 5.7.1 to strangers. */
    record NotLocal() implements Resolution {}

    /** The account, the alias, all its targets, or the domain were switched off by the operator: 550 5.2.1. */
    record Disabled() implements Resolution {}

    /** The directory cannot say now, or the alias is too large to expand: 451 4.3.0. The cause is in the log. */
    record Unavailable() implements Resolution {}
}
