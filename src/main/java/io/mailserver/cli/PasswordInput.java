package io.mailserver.cli;

import io.mailserver.base.OperatorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Gets a new password: typed twice by a person, or the first line of standard input. Never an argument, which everybody on the
 * machine could read.
 */
final class PasswordInput {
    private static final int MAX_OCTETS = 4_096;

    private PasswordInput() {}

    static String read(Terminal terminal, String whose) throws IOException {
        return terminal.prompt().isPresent() ? typed(terminal.prompt().get(), whose) : piped(terminal.in());
    }

    private static String typed(Terminal.PasswordPrompt prompt, String whose) {
        @Nullable String first = prompt.ask("New password for " + whose + ": ");
        if (first == null || first.isEmpty()) {
            throw new OperatorException("no password was typed", "type one, or let --random make one");
        }
        if (!first.equals(prompt.ask("The same again: "))) {
            throw new OperatorException("the two passwords differ", "nothing was changed; try again");
        }
        return first;
    }

    /** The line ends with LF or CR LF, which are no part of the password; neither is what follows. */
    private static String piped(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n' && line.size() <= MAX_OCTETS) {
            line.write(octet);
            octet = in.read();
        }
        byte[] octets = line.toByteArray();
        int length = octets.length > 0 && octets[octets.length - 1] == '\r' ? octets.length - 1 : octets.length;
        if (length == 0) {
            throw new OperatorException(
                    "no password came on standard input",
                    "pipe it (printf 'secret\\n' | ./mailserver account add ...), type it at a terminal, or use --random");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new OperatorException("the password is not UTF-8 text", "pipe it as UTF-8", e);
        }
    }
}
