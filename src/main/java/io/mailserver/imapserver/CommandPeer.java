package io.mailserver.imapserver;

import io.mailserver.imap.ImapInput;
import io.mailserver.imap.ImapInput.LiteralDecision;
import io.mailserver.imap.LiteralRequest;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sharing.Right;
import io.mailserver.store.MailboxInfo;
import io.mailserver.store.MailboxName;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The session as its input sees it: answers are flushed before a read that may block, and messages are taken or refused early. */
final class CommandPeer implements ImapInput.Peer {
    /** The slowest rate at which a message may come in on average, octets a second. */
    private static final long MIN_RATE = 1024;

    private @Nullable SessionContext context;
    /** The thread that may write; the one that waits for DONE in IDLE reads only. */
    private final Thread session = Thread.currentThread();

    /** To be called before anything is read. */
    void serve(SessionContext ofSession) {
        context = ofSession;
    }

    private SessionContext context() {
        SessionContext known = context;
        if (known == null) {
            throw new IllegalStateException("read before the session began");
        }
        return known;
    }

    @Override
    public void beforeRead() throws IOException {
        if (Thread.currentThread().equals(session)) {
            context().out().rest();
        }
    }

    @Override
    public void goAhead() throws IOException {
        context().out().continuation("Go ahead");
    }

    @Override
    public LiteralDecision literal(LiteralRequest request) throws IOException {
        SessionContext known = context();
        if (!known.loggedIn()) {
            return new LiteralDecision.Refuse(Refusals.LOGIN_FIRST);
        }
        long most = known.settings().limits().maxMessageSize().octets();
        if (request.octets() > most) {
            // RFC 7889 §4, RFC 9051 §7.1 TOOBIG
            return new LiteralDecision.Refuse(
                    StatusResponse.no(Plain.TOOBIG, "The message is larger than " + most + " octets, which is the most"));
        }
        try {
            Optional<MailboxInfo> target = known.mailboxes().find(MailboxName.of(request.mailbox()));
            if (target.isEmpty()) {
                return new LiteralDecision.Refuse(AppendCommand.NO_SUCH_MAILBOX);
            }
            known.mail().requireAll(target.get().id(), Right.INSERT);
            Optional<StatusResponse> full = QuotaCommand.refusal(known, target.get().id(), 1, request.earlierOctets() + request.octets());
            if (full.isPresent()) {
                return new LiteralDecision.Refuse(full.get());
            }
        } catch (StoreException e) {
            return new LiteralDecision.Refuse(Refusals.of(e));
        }
        Duration patience = known.settings().limits().dataTimeout().plusSeconds(request.octets() / MIN_RATE);
        known.connection().deadline(patience);
        known.connection().inTransfer(true);
        return new LiteralDecision.Take(known.services().spool().newContent());
    }

    @Override
    public StatusResponse cannotHold(IOException trouble) {
        context().services().log().error("imap.spool-failed", trouble);
        return StatusResponse.no(Plain.UNAVAILABLE, "The message cannot be taken now; try again later");
    }
}
