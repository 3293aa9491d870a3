package io.mailserver.peer;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.JsonNodeFactory;

/** A server with mail, a browser, and somebody else's web site that notes who comes. Closed by the test. */
final class WebmailServer implements AutoCloseable {
    private static final String USER = MailServer.USER;

    private final MailServer mail;
    private final Chromium chromium;
    private final HttpServer stranger;
    /** What was asked of the site that no message may reach by itself. */
    final List<String> visits = new CopyOnWriteArrayList<>();

    WebmailServer(Path folder) throws Exception {
        mail = new MailServer(folder.resolve("data"), Map.of("checks.mode", "report", "spam.enabled", "false"));
        chromium = Chromium.start(folder);
        stranger = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        stranger.createContext("/", exchange -> {
            visits.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        stranger.start();
    }

    String base() {
        return "http://127.0.0.1:" + mail.httpPort();
    }

    /** An address of the other site, another host to the browser. */
    String elsewhere(String path) {
        return "http://localhost:" + stranger.getAddress().getPort() + path;
    }

    String password() {
        return mail.password();
    }

    /** An operator's one-time link, as a path here. */
    String link(String operation, String name, String value) throws IOException {
        String link = mail.operate(operation, JsonNodeFactory.instance.objectNode().put(name, value)).path("link").asString();
        return base() + link.substring(link.indexOf("/welcome#"));
    }

    /** Where its account's mail lies. */
    Path maildir() {
        return mail.maildir();
    }

    String output() {
        return mail.output();
    }

    /** A window in which somebody is signed in and looks at the inbox. */
    Chromium.Page signedIn() throws Exception {
        Chromium.Page page = window();
        page.value("fetch('/auth/login', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify("
                + "{username: " + Chromium.quoted(USER) + ", password: " + Chromium.quoted(password()) + ", device: 'test'})})"
                + ".then(r => { if (!r.ok) throw new Error(r.status); })");
        page.errors.clear();
        page.go(base() + "/mail/inbox");
        page.waitFor("document.querySelector('.list .bar h1')");
        return page;
    }

    /** A window at the sign-in. */
    Chromium.Page window() throws Exception {
        Chromium.Page page = chromium.open(1366, 860);
        page.go(base() + "/");
        page.waitFor("document.querySelector('input[name=username]')");
        return page;
    }

    /** Has a message arrive. */
    void receive(String from, String subject, String moreHeaders, String body) throws IOException {
        String content = "From: " + from + "\nTo: Post <" + USER + ">\nSubject: " + subject + "\n" + moreHeaders
                + "Date: Sun, 22 Nov 2026 12:00:00 +0000\n\n" + body + "\n";
        String said = "EHLO client.example\nMAIL FROM:<bob@sender.example>\nRCPT TO:<" + USER + ">\nDATA\n"
                + content.replaceAll("(?m)^\\.", "..") + ".\nQUIT\n";
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), mail.smtpPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(said.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answers.contains("\r\n250 2.0.0 ")) {
                throw new AssertionError(answers);
            }
        }
    }

    void receiveText(String from, String subject, String text) throws IOException {
        receive(from, subject, "Content-Type: text/plain; charset=utf-8\n", text);
    }

    void receiveHtml(String from, String subject, String html) throws IOException {
        receive(from, subject, "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n", html);
    }

    @Override
    public void close() {
        stranger.stop(0);
        chromium.close();
        mail.close();
    }
}
