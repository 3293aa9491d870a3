package io.mailserver.smtpserver;

import io.mailserver.base.ContentSpool;
import io.mailserver.base.Time;
import io.mailserver.log.EventLog;
import io.mailserver.log.Trace;
import io.mailserver.sasl.PasswordVerifier;
import java.util.Optional;

/**
 * What stands behind all sessions; each safe for use by any thread.
 *
 * @param recipients who may send and who is a recipient
 * @param delivery takes over messages
 * @param passwords where present, submission offers AUTH and asks for it
 * @param spool holds messages on their way in
 * @param watch sees what sessions do
 * @param trace writes dialogues down
 * @param ids names sessions and messages
 */
public record SmtpServices(
        RecipientPolicy recipients,
        MessageDelivery delivery,
        Optional<PasswordVerifier> passwords,
        ContentSpool spool,
        SessionWatch watch,
        Trace trace,
        SessionIds ids,
        Time time,
        EventLog log) {}
