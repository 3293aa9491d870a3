package io.mailserver.smtpserver;

import io.mailserver.base.ContentWriter;
import io.mailserver.smtp.ChunkReader;
import io.mailserver.smtp.Envelope;
import io.mailserver.smtp.IncomingMessage;

/** Where a session stands. */
sealed interface Phase {
    /** Before EHLO, HELO or LHLO. */
    record Fresh() implements Phase {}

    /** Greeted, no transaction under way. */
    record Ready() implements Phase {}

    /** After MAIL, with the recipients so far. */
    record Transaction(Envelope envelope) implements Phase {}

    /**
     * After a first BDAT that was not the last (RFC 3030 §2).
     *
     * @param writer to be closed when the phase ends
     */
    record Chunks(Envelope envelope, IncomingMessage message, ChunkReader reader, ContentWriter writer) implements Phase {}

    /** STARTTLS was answered; the handshake comes next. */
    record StartingTls() implements Phase {}

    /** The connection is to be closed. */
    record Ended() implements Phase {}
}
