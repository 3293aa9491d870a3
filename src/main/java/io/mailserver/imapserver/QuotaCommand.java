package io.mailserver.imapserver;

import io.mailserver.account.Quota;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
import io.mailserver.store.AccountKey;
import io.mailserver.store.MailboxId;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import io.mailserver.store.Usage;
import java.io.IOException;
import java.util.Optional;

/**
 * GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208 §4): an account has one quota root, of the empty name, for all its mailboxes;
 * that of another account is named as the place where its mailboxes are.
 */
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
        Optional<MailboxInfo> within = Optional.empty();
        if (!command.root().equals(ROOT)) {
            within = ofRoot(command.root());
            if (within.isEmpty()) {
                return StatusResponse.no(Plain.NONEXISTENT, "There is no such quota root");
            }
        }
        write(command.root(), within.map(MailboxInfo::id));
        return StatusResponse.ok("GETQUOTA completed");
    }

    StatusResponse root(String mailbox) throws StoreException, IOException {
        Optional<MailboxInfo> info = context.mailboxes().find(MailboxName.of(mailbox));
        if (info.isEmpty()) {
            return Refusals.NO_SUCH_MAILBOX;
        }
        context.mail().requireAll(info.get().id(), Right.READ);
        String root = context.mail().placeOf(info.get()).orElse(ROOT);
        out.begin("QUOTAROOT").space().mailbox(info.get().name().text()).space().string(root).crlf();
        write(root, Optional.of(info.get().id()));
        return StatusResponse.ok("GETQUOTAROOT completed");
    }

    /** A mailbox of the account that has this root, where the user may read one. */
    private Optional<MailboxInfo> ofRoot(String root) throws StoreException {
        for (MailboxInfo info : context.mailboxes().all()) {
            if (context.mail().placeOf(info).equals(Optional.of(root)) && context.mail().may(info.id(), Right.READ)) {
                return Optional.of(info);
            }
        }
        return Optional.empty();
    }

    static StatusResponse set() {
        return StatusResponse.no(Plain.NOPERM, "The administrator sets quotas");
    }

    /** Only of resources that are limited (RFC 9208 §4.2.1). */
    private void write(String root, Optional<MailboxId> within) throws StoreException, IOException {
        AccountKey account = within.isPresent() ? context.mail().owner(within.get()) : context.account();
        Quota quota = context.services().quotas().of(account);
        Usage usage = within.isPresent() ? context.mail().usage(within.get()) : context.mail().usage();
        out.begin("QUOTA").space().string(root).space().open();
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

    /** What keeps messages out that the account has no room for whose mailbox it is. */
    static Optional<StatusResponse> refusal(SessionContext context, MailboxId target, long messages, long octets) throws StoreException {
        Quota quota = context.services().quotas().of(context.mail().owner(target));
        if (quota.equals(Quota.NONE)) {
            return Optional.empty();
        }
        Usage usage = context.mail().usage(target);
        // The last of them must fit, when all but it are there.
        return quota.allows(usage.messages() + messages - 1, usage.bytes(), octets) ? Optional.empty() : Optional.of(FULL);
    }
}
