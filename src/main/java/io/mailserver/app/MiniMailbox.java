package io.mailserver.app;

import io.mailserver.base.Content;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.maildir.MaildirFolder;
import io.mailserver.maildir.MaildirWriter;
import io.mailserver.smtp.Address;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.IncomingMessage;
import io.mailserver.smtp.ReceivedField;
import io.mailserver.smtp.Reply;
import io.mailserver.smtpserver.MessageDelivery;
import io.mailserver.smtpserver.RecipientPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Takes mail for anybody into one Maildir, durably. Safe for use by any thread. */
final class MiniMailbox implements RecipientPolicy, MessageDelivery {
    private final MaildirWriter writer;
    private final MaildirFolder inbox;
    private final String hostname;
    private final Optional<MiniSpf> spf;
    private final Time time;
    private final EventLog log;

    MiniMailbox(MaildirWriter writer, MaildirFolder inbox, String hostname, Optional<MiniSpf> spf, Time time, EventLog log) {
        this.writer = writer;
        this.inbox = inbox;
        this.hostname = hostname;
        this.spf = spf;
        this.time = time;
        this.log = log;
    }

    @Override
    public Optional<Reply> refuseSender(Envelope envelope) {
        return spf.flatMap(check -> check.refuse(envelope));
    }

    @Override
    public Optional<Reply> refuseRecipient(Envelope envelope, Address recipient) {
        return Optional.empty();
    }

    @Override
    public Reply deliver(Envelope envelope, Content content) {
        Instant now = time.now();
        String head = "Return-Path: <" + envelope.sender() + ">\r\n" // RFC 5321 §4.4
                + spf.map(check -> check.mark(envelope)).orElse("")
                + ReceivedField.format(envelope, hostname, now.atZone(ZoneOffset.UTC), true);
        try {
            Path file = writer.write(List.of(new MaildirWriter.Copy(inbox, head)), content, now).getFirst();
            log.say("[STORE] " + file, "store.saved", "path", file, "octets", content.size());
            return Reply.of(250, "2.0.0", "Message accepted");
        } catch (IOException e) {
            log.error("store.failed", e, "path", inbox.path());
            return IncomingMessage.cannotStore(e);
        }
    }
}
