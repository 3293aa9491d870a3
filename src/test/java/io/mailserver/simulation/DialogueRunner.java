package io.mailserver.simulation;

import io.mailserver.simulation.Dialogue.Step;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays the clients of one {@link Dialogue} against a world and keeps the transcript. Used once, by one thread. */
public final class DialogueRunner implements AutoCloseable {
    private final Dialogue dialogue;
    private final DialogueWorld world;
    private final Map<String, DialogueClient> clients = new HashMap<>();
    private final Map<String, String> captures = new HashMap<>();
    private final StringBuilder transcript = new StringBuilder();
    private String door;
    private String from = "127.0.0.1";

    public DialogueRunner(Dialogue dialogue, DialogueWorld world) {
        this.dialogue = dialogue;
        this.world = world;
        this.door = world.firstDoor();
    }

    /** Plays it to its end; throws an {@link AssertionError} with the transcript where the server does not do as expected. */
    public void run() throws Exception {
        for (Step step : dialogue.steps()) {
            try {
                play(step);
            } catch (IOException | AssertionError | IllegalArgumentException e) {
                throw new AssertionError(dialogue.name() + ":" + step.line() + ": " + e.getMessage() + "\n" + transcript, e);
            }
        }
    }

    /** What was said so far, in the form of a dialogue. */
    public String transcript() {
        return transcript.toString();
    }

    private void play(Step step) throws Exception {
        switch (step) {
            case Step.Send send -> {
                byte[] octets = Octets.parse(LinePattern.substitute(send.octets(), captures));
                record("C" + send.client() + "| " + Octets.show(octets));
                client(send.client()).send(octets);
            }
            case Step.Expect expect -> expect(expect);
            case Step.ExpectReply expect -> expectReply(expect);
            case Step.ExpectAmong expect -> expectAmong(expect);
            case Step.ExpectEnd expect -> {
                Optional<String> line = client(expect.client()).readLine();
                line.ifPresent(text -> fail("expected the end, got: " + text));
                record("S" + expect.client() + ": (end)");
            }
            case Step.ExpectStored expect -> {
                byte[] stored = world.lastStored();
                if (!Arrays.equals(stored, Octets.parse(LinePattern.substitute(expect.octets(), captures)))) {
                    fail("stored was: " + Octets.show(stored));
                }
            }
            case Step.Act act -> act(act.words());
        }
    }

    private void expect(Step.Expect expect) throws Exception {
        String line = read(expect.client());
        captures.putAll(expect.pattern()
                .match(line, captures)
                .orElseThrow(() -> new AssertionError("expected: " + expect.pattern() + "\n     got: " + line)));
    }

    private void expectReply(Step.ExpectReply expect) throws Exception {
        boolean found = false;
        String line;
        do {
            line = read(expect.client());
            if (!line.startsWith(expect.code())) {
                fail("expected a reply " + expect.code() + ", got: " + line);
            }
            String text = line.length() > expect.code().length() ? line.substring(expect.code().length() + 1) : "";
            Optional<Map<String, String>> match = expect.pattern().match(text, captures);
            match.ifPresent(captures::putAll);
            found |= match.isPresent();
        } while (line.startsWith(expect.code() + "-"));
        if (found != expect.present()) {
            fail((expect.present() ? "no line matches: " : "a line matches: ") + expect.pattern());
        }
    }

    /** Reads on to the line that begins with the tag; the lines before it are looked at. */
    private void expectAmong(Step.ExpectAmong expect) throws Exception {
        boolean found = false;
        String line;
        do {
            line = read(expect.client());
            if (line.equals("(end)")) {
                fail("the server closed");
            }
            Optional<Map<String, String>> match = expect.pattern().match(line, captures);
            match.ifPresent(captures::putAll);
            found |= match.isPresent();
        } while (!line.startsWith(expect.tag() + " "));
        if (found != expect.present()) {
            fail((expect.present() ? "no line matches: " : "a line matches: ") + expect.pattern());
        }
    }

    private String read(String name) throws Exception {
        String line = client(name).readLine().orElse("(end)");
        record("S" + name + ": " + line);
        return line;
    }

    private DialogueClient client(String name) throws Exception {
        DialogueClient known = clients.get(name);
        if (known != null) {
            return known;
        }
        DialogueClient client = DialogueClient.connect(from, world.port(door));
        clients.put(name, client);
        if (world.implicitTls(door)) {
            client.startTls();
        }
        return client;
    }

    private void act(List<String> words) throws Exception {
        record("! " + String.join(" ", words));
        String client = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "door" -> door = words.get(1);
            case "from" -> from = words.get(1);
            case "tls" -> client(client).startTls();
            case "deflate" -> client(client).deflate();
            case "connect" -> client(client);
            case "imap" -> login(client, words.get(2), words.subList(3, words.size()));
            case "half-close" -> client(client).halfClose();
            case "close" -> client(client).close();
            default -> world.act(words);
        }
    }

    /** A session of IMAP up to where a dialogue begins: logged in, these capabilities enabled, a mailbox selected. */
    private void login(String name, String user, List<String> more) throws Exception {
        DialogueClient client = client(name);
        client.readLine();
        command(client, "LOGIN " + user + " secret");
        for (String word : more.subList(0, Math.max(0, more.size() - 1))) {
            command(client, "ENABLE " + word);
        }
        if (!more.isEmpty() && !more.getLast().equals("-")) {
            command(client, "SELECT " + more.getLast());
        }
    }

    private static void command(DialogueClient client, String command) throws IOException {
        client.send(("setup " + command + "\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String line;
        do {
            line = client.readLine().orElse("setup (end)");
        } while (!line.startsWith("setup "));
        if (!line.startsWith("setup OK")) {
            fail(command + ": " + line);
        }
    }

    private void record(String line) {
        transcript.append(line).append('\n');
    }

    private static void fail(String message) {
        throw new AssertionError(message);
    }

    @Override
    public void close() throws IOException {
        for (DialogueClient client : clients.values()) {
            client.close();
        }
        world.close();
    }
}
