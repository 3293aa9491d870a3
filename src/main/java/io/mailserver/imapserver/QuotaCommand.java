package io.mailserver.imapserver;

import io.mailserver.account.Quota;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import io.mailserver.store.Usage;
import java.io.IOException;
import java.util.Optional;

/** GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208 §4): an account has one quota root, of the empty name, for all its mailboxes. */
final class QuotaCommand {
    private static final StatusResponse FULL =
            StatusResponse.no(Plain.OVERQUOTA, "The account is full; delete mail, or ask the administrator for more room");
    private static final String ROOT = "";

    /** RFC 9208 §5.1: STORAGE is told in units of 1,024 octets. */
    private static final int STORAGE_UNIT = 1024;

    private final SessionContext context;
    private final ImapWriter out;

    QuotaCommand(SessionContext context) {
        this.context = context;
        this.out = context.out();
    }

    StatusResponse get(ImapCommand.GetQuota command) throws StoreException, IOException {
        if (!command.root().equals(ROOT)) {
            return StatusResponse.no(Plain.NONEXISTENT, "The one quota root is \"\"");
        }
        write();
        return StatusResponse.ok("GETQUOTA completed");
    }

    StatusResponse root(String mailbox) throws StoreException, IOException {
        Optional<String> name = context.mailboxes().find(MailboxName.of(mailbox)).map(info -> info.name().text());
        if (name.isEmpty()) {
            return Refusals.NO_SUCH_MAILBOX;
        }
        out.begin("QUOTAROOT").space().mailbox(name.get()).space().string(ROOT).crlf();
        write();
        return StatusResponse.ok("GETQUOTAROOT completed");
    }

    static StatusResponse set() {
        return StatusResponse.no(Plain.NOPERM, "The administrator sets quotas");
    }

    /** Only of resources that are limited (RFC 9208 §4.2.1). */
    private void write() throws StoreException, IOException {
        Quota quota = context.services().quotas().of(context.account());
        Usage usage = context.mail().usage();
        out.begin("QUOTA").space().string(ROOT).space().open();
        if (quota.bytes() > 0) {
            resource("STORAGE", (usage.bytes() + STORAGE_UNIT - 1) / STORAGE_UNIT, quota.bytes() / STORAGE_UNIT);
        }
        if (quota.messages() > 0) {
            if (quota.bytes() > 0) {
                out.space();
            }
            resource("MESSAGE", usage.messages(), quota.messages());
        }
        out.close().crlf();
    }

    private void resource(String name, long used, long limit) throws IOException {
        out.ascii(name).space().number(used).space().number(limit);
    }

    /** What keeps messages out that the account has no room for. */
    static Optional<StatusResponse> refusal(SessionContext context, long messages, long octets) throws StoreException {
        Quota quota = context.services().quotas().of(context.account());
        if (quota.equals(Quota.NONE)) {
            return Optional.empty();
        }
        Usage usage = context.mail().usage();
        // The last of them must fit, when all but it are there.
        return quota.allows(usage.messages() + messages - 1, usage.bytes(), octets) ? Optional.empty() : Optional.of(FULL);
    }
}
