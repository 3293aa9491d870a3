package io.mailserver.peer;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program of the machine.
 *
 * @param file where it is
 */
record Program(Path file) {
    private static final long SECONDS = 60;

    /** What a run gave: exit status, standard output and error mixed. */
    record Result(int status, String output) {}

    /** The program, or the test is skipped with the name of the package that has it. */
    static Program require(String name, String debianPackage) {
        List<String> folders = new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)));
        folders.addAll(List.of("/usr/bin", "/usr/sbin", "/sbin"));
        for (String folder : folders) {
            Path candidate = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return new Program(candidate);
            }
        }
        return abort("needs " + name + " (Debian package " + debianPackage + ")");
    }

    /** Runs it to its end without input. */
    Result run(String... arguments) throws Exception {
        return run("", Map.of(), arguments);
    }

    /** Runs it to its end, for a minute at most. */
    Result run(String input, Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        try {
            CompletableFuture<String> output = new CompletableFuture<>();
            // Reading a pipe holds the thread's carrier: two programs at once would leave none to the servers they talk to.
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    output.complete(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    output.completeExceptionally(e);
                }
            });
            try (OutputStream out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(file + " did not end; it said: " + output.get(5, TimeUnit.SECONDS));
            }
            return new Result(process.exitValue(), output.get(5, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts it; the caller ends it. */
    Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        return builder.start();
    }
}
