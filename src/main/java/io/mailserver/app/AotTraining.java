package io.mailserver.app;

import io.mailserver.base.Domain;
import io.mailserver.base.SystemTime;
import io.mailserver.cli.Terminal;
import io.mailserver.dns.Zone;
import io.mailserver.dns.ZoneServer;
import io.mailserver.log.Level;
import io.mailserver.log.LogFormat;
import io.mailserver.log.ServerLog;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What the launcher runs once after a build, so that the JVM learns what a start and a message need: a real server on free loopback
 * ports with a DNS of its own, some hundred messages from another server with STARTTLS, some with a login, a session that reads,
 * commands, stop, and a session after a second start (docs/decisions/0004-aot-cache.md). The only argument is a folder that does not
 * exist yet.
 */
final class AotTraining {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Domain DOMAIN = new Domain("training.example");
    private static final String LISTENERS = """
            [{service: smtp, port: 0, address: 127.0.0.1},
             {service: submission, port: 0, address: 127.0.0.1},
             {service: submissions, port: 0, address: 127.0.0.1},
             {service: imaps, port: 0, address: 127.0.0.1},
             {service: http, port: 0, address: 127.0.0.1},
             {service: https, port: 0, address: 127.0.0.1}]""";

    private static final String TRAINEE = "trainee@" + DOMAIN;
    private static final String PASSWORD = "training password";

    /** So many that the JVM learns which ways messages take (JEP 515); a second or two. */
    private static final int MANY_MESSAGES = 300;

    private static final int FEW_MESSAGES = 3;
    private static final String MESSAGE = """
            To: "Trainee, A." <trainee@training.example>, Second <second@training.example>
            Cc: third@training.example
            Date: Mon, 2 Jun 2025 10:00:00 +0200
            Subject: =?UTF-8?Q?=C3=9Cbung?= for the server
            In-Reply-To: <first@training.example>
            References: <root@training.example> <first@training.example>
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="part"

            --part
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Hello, this is the text of a message as people write it, not long, not short, =
            with an accent in caf=C3=A9 and a link to https://training.example/page.

            > what was written before

            --part
            Content-Type: text/html; charset=utf-8

            <html><body><p>Hello, this is the <b>text</b> of a message.</p><a href="https://training.example/page">page</a></body></html>
            --part--
            """.replace("\n", "\r\n");

    /** The message must pass: what is refused is not stored. */
    private static final Zone ZONE = Zone.parse("""
            training.example         TXT "v=spf1 ip4:127.0.0.1 -all"
            _dmarc.training.example  TXT "v=DMARC1; p=reject"
            """);

    private AotTraining() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        try (SystemTime time = new SystemTime();
                ZoneServer dns = ZoneServer.start(() -> ZONE, 0, time);
                ServerLog log = LogFormat.CONSOLE.open(new FileOutputStream(FileDescriptor.out), time, Level.NOTICE)) {
            Locations locations = Locations.find(Optional.empty(), Optional.of(data), settings(dns), false);
            ServerOptions options = new ServerOptions(locations, Optional.of(DOMAIN), "training", false, line -> {});
            try (Server server = Server.start(options, log, time)) {
                use(server);
                check("127.0.0.1:" + dns.address().getPort(), server.data().toString());
            }
            // To open what an earlier run has left is another way than to make it.
            try (Server server = Server.start(options, log, time)) {
                read(server.listeners().get(3).port(), TRAINEE, PASSWORD, Optional.empty());
            }
        }
    }

    /** Root stays root here: the training's folder is root's alone, and goes with it. */
    private static Map<String, String> settings(ZoneServer dns) {
        return Map.of("listeners", LISTENERS, "user", "root", "dns.servers", "['127.0.0.1:" + dns.address().getPort() + "']");
    }

    private static void use(Server server) throws Exception {
        String data = server.data().toString();
        command("", "status", "--data", data);
        command(PASSWORD + "\n", "account", "add", TRAINEE, "--data", data);
        converse(server.listeners().get(0).port(), TRAINEE, Optional.empty());
        converse(server.listeners().get(1).port(), TRAINEE, Optional.of(PASSWORD));
        read(server.listeners().get(3).port(), TRAINEE, PASSWORD, Optional.of(MESSAGE));
    }

    /** The commands that other programs call again and again. */
    private static void check(String dns, String data) throws IOException {
        String[] envelope = {"--ip", "192.0.2.1", "--helo", "training.example", "--mail-from", "trainee@" + DOMAIN, "--dns", dns};
        String message = "From: trainee@" + DOMAIN + "\n\nHello\n";
        command("", with(envelope, "check", "spf"));
        command("", with(envelope, "check", "spf", "--json"));
        command("{\"id\": 1}\n", with(envelope, "check", "spf", "--batch"));
        command(message, with(envelope, "check", "dmarc", "-"));
        command(message, "check", "dkim", "--dns", dns, "-");
        command(message, "check", "arc", "--dns", dns, "-");
        command("", "dns", DOMAIN.ascii(), "--data", data);
    }

    private static String[] with(String[] more, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static void command(String input, String... words) throws IOException {
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), System.out, System.err, Optional.empty());
        if (Main.run(terminal, words) != 0) {
            throw new IOException("training was refused: " + String.join(" ", words));
        }
    }

    private static void converse(int port, String address, Optional<String> password) throws Exception {
        try (Socket plain = new Socket(LOOPBACK, port)) {
            Dialogue dialogue = new Dialogue(plain);
            dialogue.answer();
            dialogue.say("EHLO training.example");
            dialogue.say("STARTTLS");
            Dialogue secret = new Dialogue(overTls(plain));
            secret.say("EHLO training.example");
            if (password.isPresent()) {
                String response = "\0" + address + "\0" + password.get();
                secret.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(response.getBytes(StandardCharsets.UTF_8)));
            }
            for (int i = 0; i < (password.isPresent() ? FEW_MESSAGES : MANY_MESSAGES); i++) {
                secret.say("MAIL FROM:<" + address + ">");
                secret.say("RCPT TO:<" + address + ">");
                secret.say("DATA");
                secret.say("From: Trainee <" + address + ">\r\nMessage-ID: <" + i + "@" + DOMAIN + ">\r\n" + MESSAGE + ".");
            }
            secret.say("QUIT");
        }
    }

    /** What a mail program says when it is opened. */
    private static void read(int port, String address, String password, Optional<String> append) throws Exception {
        try (Socket plain = new Socket(LOOPBACK, port)) {
            Dialogue secret = new Dialogue(overTls(plain));
            secret.answer();
            secret.ask("LOGIN " + address + " \"" + password + "\"");
            secret.ask("LIST \"\" *");
            if (append.isPresent()) {
                secret.ask("APPEND INBOX (\\Seen) {" + append.get().length() + "+}\r\n" + append.get());
            }
            secret.ask("SELECT INBOX");
            secret.ask("UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (From To Date)])");
            secret.ask("UID FETCH 1:10 BODY.PEEK[]");
            secret.ask("UID STORE 1 +FLAGS (\\Deleted)");
            secret.ask("UID SEARCH UNSEEN");
            secret.ask("IDLE\r\nDONE");
            secret.ask("EXPUNGE");
            secret.ask("LOGOUT");
        }
    }

    /** The certificate is the server's own and new: there is nothing to check it against. */
    private static SSLSocket overTls(Socket plain) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustingAll()}, new SecureRandom());
        return (SSLSocket) context.getSocketFactory().createSocket(plain, LOOPBACK.getHostAddress(), plain.getPort(), true);
    }

    private static final class TrustingAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("a client only");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // See overTls.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Commands and their answers; a refusal ends the training, so that a cache of half a session is never kept. */
    private static final class Dialogue {
        private final Socket socket;
        private final BufferedReader in;

        Dialogue(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            answer();
        }

        /** A command of IMAP and all lines of its answer. */
        void ask(String command) throws IOException {
            socket.getOutputStream().write(("a " + command + "\r\n").getBytes(StandardCharsets.UTF_8));
            String line;
            do {
                line = in.readLine();
                if (line == null || line.startsWith("a NO") || line.startsWith("a BAD")) {
                    throw new IOException("training was refused: " + line);
                }
            } while (!line.startsWith("a "));
        }

        void answer() throws IOException {
            String line;
            do {
                line = in.readLine();
                if (line == null || line.charAt(0) == '4' || line.charAt(0) == '5') {
                    throw new IOException("training was refused: " + line);
                }
            } while (line.length() > 3 && line.charAt(3) == '-');
        }
    }
}
