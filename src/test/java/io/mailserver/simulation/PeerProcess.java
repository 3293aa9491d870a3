package io.mailserver.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of others that peer tests ask for their opinion. Each runs to its end within a minute. */
public final class PeerProcess {
    private static final int MINUTE_SECONDS = 60;

    private PeerProcess() {}

    /** What a program printed. */
    public record Output(int exitCode, String out, String err) {}

    /** Whether Debian's python3 can import a module. */
    public static boolean hasPythonModule(String module) throws IOException, InterruptedException {
        return Files.isExecutable(Path.of("/usr/bin/python3"))
                && run(new byte[0], List.of("/usr/bin/python3", "-c", "import " + module)).exitCode() == 0;
    }

    /** Runs a script of the test resources with lines as its input; answers the lines of its output. */
    public static List<String> python(String resource, List<String> lines) throws IOException, InterruptedException {
        byte[] script;
        try (InputStream in = PeerProcess.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            script = in.readAllBytes();
        }
        byte[] input = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        Output output = run(input, List.of("/usr/bin/python3", "-c", new String(script, StandardCharsets.UTF_8)));
        if (output.exitCode() != 0) {
            throw new IOException(resource + " ended with " + output.exitCode() + ": " + output.err());
        }
        return output.out().lines().toList();
    }

    /** Runs a program with the given input. */
    public static Output run(byte[] input, List<String> command) throws IOException, InterruptedException {
        Path in = Files.createTempFile("peer", ".in");
        Path out = Files.createTempFile("peer", ".out");
        Path err = Files.createTempFile("peer", ".err");
        try {
            Files.write(in, input);
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(MINUTE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " took longer than a minute");
            }
            return new Output(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1),
                    Files.readString(err, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }
}
