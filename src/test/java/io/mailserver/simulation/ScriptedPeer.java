package io.mailserver.simulation;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server for SMTP or LMTP on loopback that does what a test tells it: by default it takes everything; for each verb (and
 * {@code GREETING}, and {@code .} for the end of a message) answers can be laid out that are used once each, in order. An answer is
 * a reply, in several lines where it holds line feeds, or {@link #DROP}, {@link #STALL}, {@link #DRIP}, {@link #GARBAGE}.
 */
public final class ScriptedPeer implements AutoCloseable {
    /** Closes the connection. */
    public static final String DROP = "!drop";
    /** Says nothing, until the client closes. */
    public static final String STALL = "!stall";
    /** Begins a reply that goes on by one octet at each {@link #drip}, and never ends. */
    public static final String DRIP = "!drip";
    /** Writes what is no SMTP. */
    public static final String GARBAGE = "!garbage";

    private final ServerSocket listening;
    private final List<String> keywords = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<String>> answers = new ConcurrentHashMap<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private final List<OutputStream> dripping = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger stalled = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final @Nullable SSLContext tls;

    /** @param tls for STARTTLS, if it is announced */
    public ScriptedPeer(@Nullable SSLContext tls, String... keywords) throws IOException {
        this.tls = tls;
        this.keywords.addAll(List.of(keywords));
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("peer").start(this::accept);
    }

    /** A peer with the usual extensions. */
    public static ScriptedPeer usual() throws IOException {
        return new ScriptedPeer(null, "PIPELINING", "SIZE 10000000", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN");
    }

    /** The next answers to {@code verb}. */
    public ScriptedPeer answer(String verb, String... replies) {
        answers.computeIfAbsent(verb, key -> new ConcurrentLinkedDeque<>()).addAll(List.of(replies));
        return this;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** Every line that came, but for those of messages. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** Every message that was taken, as it stood on the wire, dots stuffed, each char an octet. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Where each of those messages came from: the client's address and the domain of its reverse-path. */
    public List<String> clients() {
        return List.copyOf(clients);
    }

    /** How many connections there were at a time at most. */
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    public int connections() {
        return connections.get();
    }

    /** One more octet of each reply that drips. */
    public void drip() {
        for (OutputStream slow : List.copyOf(dripping)) {
            try {
                slow.write('2');
            } catch (IOException e) {
                dripping.remove(slow);
            }
        }
    }

    /** How often {@link #STALL} or {@link #DRIP} was reached. */
    public int stalled() {
        return stalled.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().name("peer-session").start(() -> serve(socket));
            }
        } catch (IOException e) {
            commands.add("(closed)");
        }
    }

    private void serve(Socket socket) {
        mostAtOnce.accumulateAndGet(open.incrementAndGet(), Math::max);
        try (socket) {
            new Session(socket).run();
        } catch (IOException e) {
            commands.add("(connection ended)");
        } finally {
            open.decrementAndGet();
        }
    }

    /** Closes all connections. */
    public void dropAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        dropAll();
    }

    private static final class Dropped extends IOException {}

    private final class Session {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private boolean lmtp;
        private int recipients;
        private String sender = "";

        Session(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        void run() throws IOException {
            say("GREETING", "220 peer.example ESMTP");
            while (true) {
                String line = line();
                if (line == null) {
                    return;
                }
                commands.add(line);
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                switch (verb) {
                    case "EHLO", "LHLO" -> {
                        lmtp = verb.equals("LHLO");
                        say(verb, "250 " + String.join("\n", greetingLines()));
                    }
                    case "MAIL" -> {
                        recipients = 0;
                        sender = line.replaceFirst("(?i)^MAIL FROM:<(?:[^>]*@)?([^>]*)>.*", "$1");
                        say(verb, "250 2.1.0 Sender ok");
                    }
                    case "RCPT" -> recipients += say(verb, "250 2.1.5 Recipient ok") ? 1 : 0;
                    case "DATA" -> data();
                    case "BDAT" -> chunk(line);
                    case "STARTTLS" -> startTls();
                    case "QUIT" -> {
                        say(verb, "221 2.0.0 Bye");
                        return;
                    }
                    default -> say(verb, "250 2.0.0 Ok");
                }
            }
        }

        private List<String> greetingLines() {
            List<String> lines = new ArrayList<>(List.of("peer.example"));
            lines.addAll(keywords);
            if (socket instanceof SSLSocket) {
                lines.remove("STARTTLS");
            }
            return lines;
        }

        private void data() throws IOException {
            if (!say("DATA", recipients == 0 ? "503 5.5.1 No recipients" : "354 Go on")) {
                return;
            }
            StringBuilder message = new StringBuilder();
            for (String line = line(); line != null && !line.equals("."); line = line()) {
                message.append(line).append("\r\n");
            }
            end(message.toString());
        }

        private void chunk(String line) throws IOException {
            String[] words = line.split(" ", -1);
            byte[] octets = in.readNBytes(Integer.parseInt(words[1]));
            end(new String(octets, StandardCharsets.ISO_8859_1));
        }

        private void end(String message) throws IOException {
            for (int i = 0; i < (lmtp ? recipients : 1); i++) {
                if (say(".", "250 2.0.0 Taken") && !message.isEmpty()) {
                    clients.add(socket.getInetAddress().getHostAddress() + " " + sender);
                    messages.add(message);
                }
            }
        }

        private void startTls() throws IOException {
            SSLContext context = tls;
            if (!say("STARTTLS", context == null ? "454 4.7.0 No TLS" : "220 2.0.0 Go on") || context == null) {
                return;
            }
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            socket = secured;
            in = new BufferedInputStream(secured.getInputStream());
            out = secured.getOutputStream();
        }

        /** Answers; whether with 2xx or 3xx. */
        private boolean say(String verb, String otherwise) throws IOException {
            Deque<String> laidOut = answers.get(verb);
            String next = laidOut == null ? null : laidOut.poll();
            String answer = next == null ? otherwise : next;
            switch (answer) {
                case DROP -> throw new Dropped();
                case STALL -> {
                    stalled.incrementAndGet();
                    in.transferTo(OutputStream.nullOutputStream());
                    throw new Dropped();
                }
                case DRIP -> {
                    dripping.add(out);
                    stalled.incrementAndGet();
                    in.transferTo(OutputStream.nullOutputStream());
                    throw new Dropped();
                }
                case GARBAGE -> out.write("\0\1\2 hello?\r\n".getBytes(StandardCharsets.ISO_8859_1));
                default -> {
                    String code = answer.substring(0, 3);
                    String[] lines = answer.substring(4).split("\n", -1);
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < lines.length; i++) {
                        text.append(code).append(i == lines.length - 1 ? ' ' : '-').append(lines[i]).append("\r\n");
                    }
                    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                    return answer.charAt(0) == '2' || (answer.charAt(0) == '3' && verb.equals("DATA"));
                }
            }
            return false;
        }

        private @Nullable String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                line.write(octet);
                if (octet == '\n') {
                    String text = line.toString(StandardCharsets.ISO_8859_1);
                    if (!text.endsWith("\r\n") || text.indexOf('\r') < text.length() - 2) {
                        commands.add("(a bare CR or LF)");
                    }
                    return text.substring(0, Math.max(0, text.length() - 2));
                }
            }
            return null;
        }
    }
}
