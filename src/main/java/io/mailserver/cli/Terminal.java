package io.mailserver.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes.
 *
 * @param prompt asks for a password without showing it; empty where nobody sits at a keyboard
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, Optional<PasswordPrompt> prompt) {
    /** Asks a person. */
    @FunctionalInterface
    public interface PasswordPrompt {
        /** What was typed; null at the end of input. */
        @Nullable String ask(String question);
    }

    /** That of this process. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
    public static Terminal ofProcess() {
        Console console = System.console();
        Optional<PasswordPrompt> prompt = console != null && console.isTerminal()
                ? Optional.of(question -> ask(console, question))
                : Optional.empty();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        return new Terminal(System.in, out, err, prompt);
    }

    private static @Nullable String ask(Console console, String question) {
        char[] typed = console.readPassword("%s", question);
        if (typed == null) {
            return null;
        }
        String password = new String(typed);
        Arrays.fill(typed, ' ');
        return password;
    }
}
