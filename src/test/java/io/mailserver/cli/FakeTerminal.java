package io.mailserver.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A terminal in memory. */
public final class FakeTerminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    private FakeTerminal(byte[] in, Optional<Terminal.PasswordPrompt> prompt) {
        terminal = new Terminal(
                new ByteArrayInputStream(in),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                prompt);
    }

    /** Nobody sits there; this is piped in. */
    public static FakeTerminal piped(String in) {
        return piped(in.getBytes(StandardCharsets.UTF_8));
    }

    public static FakeTerminal piped(byte[] in) {
        return new FakeTerminal(in, Optional.empty());
    }

    /** Somebody types these answers, then nothing more. */
    public static FakeTerminal typed(String... answers) {
        Deque<String> left = new ArrayDeque<>(List.of(answers));
        return new FakeTerminal(new byte[0], Optional.of(question -> left.poll()));
    }

    public Terminal terminal() {
        return terminal;
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
