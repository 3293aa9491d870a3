package io.mailserver.imap;

import java.util.List;
import java.util.Optional;

/**
 * Tells from the beginning of a command whether the literal that it announces at its end is a message of APPEND or REPLACE, or a piece of
 * one (RFC 4469 §5), and not another argument.
 */
record MessageLiteral(String tag, ImapVerb verb, String mailbox) {
    static Optional<MessageLiteral> announcedBy(byte[] octets, int length, Dialect dialect) {
        ImapCursor cursor = new ImapCursor(new ImapFrame(octets, length, List.of()), dialect);
        try {
            String tag = cursor.tag();
            cursor.space();
            Optional<ImapVerb> verb = ImapVerb.named(cursor.atom("a command"));
            cursor.space();
            return verb.isEmpty() ? uid(cursor, tag, octets, length) : of(verb.get(), cursor, tag, octets, length);
        } catch (ImapSyntaxException e) {
            return Optional.empty(); // the mailbox itself is the literal, or the parser will say what is wrong
        }
    }

    private static Optional<MessageLiteral> uid(ImapCursor cursor, String tag, byte[] octets, int length) throws ImapSyntaxException {
        Optional<ImapVerb> verb = ImapVerb.named(cursor.atom("a command"));
        cursor.space();
        return verb.isPresent() && verb.get() == ImapVerb.REPLACE ? of(verb.get(), cursor, tag, octets, length) : Optional.empty();
    }

    private static Optional<MessageLiteral> of(ImapVerb verb, ImapCursor cursor, String tag, byte[] octets, int length)
            throws ImapSyntaxException {
        if (verb == ImapVerb.REPLACE) {
            cursor.sequenceSet();
            cursor.space();
        } else if (verb != ImapVerb.APPEND) {
            return Optional.empty();
        }
        String mailbox = cursor.mailbox();
        cursor.space();
        return followsUrl(octets, length) ? Optional.empty() : Optional.of(new MessageLiteral(tag, verb, mailbox));
    }

    /** The URL of a piece of CATENATE may be a literal too. */
    private static boolean followsUrl(byte[] octets, int length) {
        int brace = length - 1;
        while (brace > 0 && octets[brace] != '{') {
            brace--;
        }
        return brace >= 5 && octets[brace - 1] == ' ' && (octets[brace - 2] | 0x20) == 'l' && (octets[brace - 3] | 0x20) == 'r'
                && (octets[brace - 4] | 0x20) == 'u';
    }
}
