package io.mailserver.account;

import io.mailserver.base.Domain;
import io.mailserver.smtp.Address;
import java.util.List;

/** Who gets the mail for an address. */
public sealed interface Resolution {
    /**
     * Mailboxes here, addresses elsewhere that an alias names, or both: at least one.
     *
     * @param accounts each once, in a stable order
     * @param forwards each target once, in a stable order; not those that are suspended
     */
    record Local(List<AccountRef> accounts, List<Forward> forwards) implements Resolution {
        public Local {
            accounts = List.copyOf(accounts);
            forwards = List.copyOf(forwards);
        }

        /** Mailboxes here alone. */
        public Local(List<AccountRef> accounts) {
            this(accounts, List.of());
        }
    }

    /**
     * A return address that we wrote when we forwarded a message: what comes there goes on to the message's sender.
     *
     * @param sender at another server
     */
    record Returned(Address sender) implements Resolution {}

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
