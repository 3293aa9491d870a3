package io.mailserver.imapserver;

import io.mailserver.base.Domain;
import io.mailserver.imap.AuthorizedUrl;
import io.mailserver.imap.ImapSyntaxException;
import io.mailserver.imap.ImapUrl;
import io.mailserver.sharing.SharedMail;
import io.mailserver.store.AccountKey;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.MessageContent;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.util.Optional;

/**
 * Messages of any account that a session may read by a signed URL (RFC 4467). Whatever keeps a URL from being used looks the same to who
 * has it: no account, mailbox or message can be found out by trying.
 */
final class AuthorizedMessages {
    private final SessionContext context;

    AuthorizedMessages(SessionContext context) {
        this.context = context;
    }

    /** Takes a message. */
    @FunctionalInterface
    interface Use {
        void message(MessageContent content, ImapUrl url) throws IOException, ImapSyntaxException;
    }

    /** Whether the URL gives access; then the message was used. */
    boolean use(String url, Use use) throws IOException, ImapSyntaxException {
        Optional<AuthorizedUrl> authorized = AuthorizedUrl.parse(url).filter(this::mayUse);
        Optional<AccountKey> owner = authorized.flatMap(parsed -> account(parsed.user()));
        if (authorized.isEmpty() || owner.isEmpty()) {
            return false;
        }
        try (SharedMail mail = context.services().mail().open(owner.get())) {
            Optional<MailboxInfo> mailbox = signedFor(mail, authorized.get());
            if (mailbox.isEmpty()) {
                return false;
            }
            try (MessageContent content = mail.mailbox(mailbox.get().id()).content((int) authorized.get().message().uid())) {
                use.message(content, authorized.get().message());
            }
            return true;
        } catch (StoreException e) {
            if (e.trouble()) {
                context.services().log().error("imap.store-trouble", e, "verb", "URLFETCH");
            }
            return false; // No such account, mailbox or message; thrown before the message is used.
        }
    }

    /** Whether time and user are right; a URL for a server that sends mail is not for those who read it (RFC 4467 §3). */
    private boolean mayUse(AuthorizedUrl url) {
        boolean inTime = url.expires().isEmpty() || context.services().time().now().isBefore(url.expires().get());
        boolean forUser = switch (url.access()) {
            case SUBMIT -> false;
            case USER -> url.reader().equals(context.account().toString());
            case AUTHUSER, ANONYMOUS -> true;
        };
        return inTime && forUser && url.signature().filter(signature -> signature.mechanism().equals(UrlKeys.MECHANISM)).isPresent();
    }

    private static Optional<AccountKey> account(String user) {
        int at = user.lastIndexOf('@');
        return at <= 0
                ? Optional.empty()
                : Domain.parse(user.substring(at + 1)).map(domain -> new AccountKey(domain, user.substring(0, at)));
    }

    private static Optional<MailboxInfo> signedFor(SharedMail mail, AuthorizedUrl url) throws StoreException {
        Optional<MailboxInfo> mailbox = own(mail, url.message());
        if (mailbox.isEmpty()) {
            return mailbox;
        }
        String token = url.signature().orElseThrow().token();
        return new UrlKeys(mail.mailboxes()).isSigned(mailbox.get().id(), url.rump(), token) ? mailbox : Optional.empty();
    }

    /** The mailbox that a URL names, if it is the account's own and still the same one. */
    static Optional<MailboxInfo> own(SharedMail mail, ImapUrl url) throws StoreException {
        return mail.mailboxes().find(MailboxName.of(url.mailbox()))
                .filter(info -> info.id().sharer() == 0)
                .filter(info -> url.uidValidity().isEmpty()
                        || url.uidValidity().getAsLong() == Integer.toUnsignedLong(info.uidValidity()));
    }
}
