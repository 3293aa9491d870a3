package io.mailserver.imapserver;

import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ImapWriter;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.store.MessageList;
import java.io.IOException;
import java.util.function.IntUnaryOperator;

/**
 * UIDBATCHES (RFC 10022): ranges of UIDs that cut the mailbox into batches of a size, the newest messages first, so that a client can ask
 * for part after part without knowing the UIDs. What the session has told of the mailbox is what is cut.
 */
final class UidBatchesCommand {
    /** Smaller batches would make more of an answer than of a saving. The RFC leaves a server no higher minimum. */
    static final int MIN_SIZE = 500;

    private final SessionContext context;
    private final String tag;

    UidBatchesCommand(SessionContext context, String tag) {
        this.context = context;
        this.tag = tag;
    }

    StatusResponse run(ImapCommand.UidBatches command) throws IOException {
        if (command.size() < MIN_SIZE) {
            return StatusResponse.no(Plain.TOOSMALL, "A batch has " + MIN_SIZE + " messages or more");
        }
        ImapWriter out = context.out();
        out.begin("UIDBATCHES (TAG ").string(tag).close();
        MessageList list = context.selected().view().list();
        String batches = batches(list.size(), list::uid, command);
        if (!batches.isEmpty()) {
            out.space().ascii(batches);
        }
        out.crlf();
        return StatusResponse.ok("UIDBATCHES completed");
    }

    /**
     * The wanted batches as {@code high:low,high:low}. The oldest one reaches down to UID 1.
     *
     * @param uidAt UIDs in ascending order, by index from 0
     */
    static String batches(int messages, IntUnaryOperator uidAt, ImapCommand.UidBatches wanted) {
        StringBuilder text = new StringBuilder();
        long size = wanted.size();
        long batches = Math.ceilDiv(messages, size);
        for (long batch = wanted.first(); batch <= Math.min(wanted.last(), batches); batch++) {
            long high = messages - 1 - (batch - 1) * size;
            long low = high - size + 1;
            text.append(text.isEmpty() ? "" : ",").append(Integer.toUnsignedString(uidAt.applyAsInt((int) high))).append(':')
                    .append(low <= 0 ? "1" : Integer.toUnsignedString(uidAt.applyAsInt((int) low)));
        }
        return text.toString();
    }
}
