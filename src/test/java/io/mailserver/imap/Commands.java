package io.mailserver.imap;

import java.nio.charset.StandardCharsets;

/** Commands from texts whose chars are octets. */
final class Commands {
    static final Dialect REV2 = new Dialect(true, false);
    static final Dialect UTF8 = new Dialect(false, true);

    private Commands() {}

    static ImapCommand parse(String text) {
        return parse(text, Dialect.PLAIN);
    }

    static ImapCommand parse(String text, Dialect dialect) {
        try {
            return ImapCommandParser.parse(frame("a1 " + text), dialect).command();
        } catch (ImapSyntaxException e) {
            throw new AssertionError(text + " is refused: " + e.response(), e);
        }
    }

    /** The response to what is not a command. */
    static StatusResponse refusal(String text) {
        return refusal(text, Dialect.PLAIN);
    }

    static StatusResponse refusal(String text, Dialect dialect) {
        try {
            ImapCommand command = ImapCommandParser.parse(frame("a1 " + text), dialect).command();
            throw new AssertionError(text + " is read as " + command);
        } catch (ImapSyntaxException e) {
            return e.response();
        }
    }

    static ImapFrame frame(String text) {
        return ImapFrame.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** UTF-8 as chars that are octets. */
    static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
