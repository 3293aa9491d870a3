package io.mailserver.pop3server;

import io.mailserver.log.LogContext;
import io.mailserver.log.SessionTrace;
import io.mailserver.net.Connection;
import io.mailserver.net.EndOfInput;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountMail;
import io.mailserver.store.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One session, from greeting to goodbye. {@link #serve} is its loop. Belongs to its thread, but for {@link #accountDisabled}. */
final class Pop3Session {
    /** RFC 2449 §4: 255 octets with CRLF. */
    private static final int MAX_LINE_OCTETS = 253;

    private static final int BUFFER_OCTETS = 16 << 10;

    private final Connection connection;
    private final Pop3Settings settings;
    private final Pop3Services services;
    private final SessionTrace trace;
    private final String name;
    private final Pop3Login login;
    private Pop3Input input;
    private OutputStream out;
    private @Nullable Open open;
    private int errors;
    private boolean ended;
    private volatile boolean disabled;

    /** The account that has logged in (RFC 1939 §5, the TRANSACTION state). */
    private record Open(AccountKey account, AccountMail mail, Maildrop maildrop) {}

    Pop3Session(String name, Connection connection, Pop3Settings settings, Pop3Services services) {
        this.name = name;
        this.connection = connection;
        this.settings = settings;
        this.services = services;
        this.trace = services.trace().session(name, "POP3:" + connection.localPort(), connection.remoteAddress());
        this.input = new Pop3Input(connection.in());
        this.out = new BufferedOutputStream(connection.out(), BUFFER_OCTETS);
        this.login = new Pop3Login(this);
    }

    /** @throws IOException when the connection broke */
    void run() throws IOException {
        LogContext.ofSession(name).call(() -> {
            runInContext();
            return this;
        });
    }

    private void runInContext() throws IOException {
        services.statistics().started.increment();
        services.log().info("pop3.connected", "address", address(), "port", connection.localPort());
        connection.writeDeadline(settings.limits().writeTimeout());
        try (trace) {
            serve();
        } finally {
            leave();
            services.statistics().ended.increment();
            services.log().info("pop3.disconnected", "errors", errors, "end", connection.endOfInput());
        }
    }

    // ---- for the commands

    Connection connection() {
        return connection;
    }

    Pop3Settings settings() {
        return settings;
    }

    Pop3Services services() {
        return services;
    }

    SessionTrace trace() {
        return trace;
    }

    Pop3Input input() {
        return input;
    }

    String address() {
        return connection.remoteAddress().getHostAddress();
    }

    boolean overTls() {
        return connection.tls().isPresent();
    }

    /** Whether a password is taken now. */
    boolean mayLogIn() {
        return overTls() || settings.plaintextLoginFrom(connection.remoteAddress());
    }

    void write(String line) throws IOException {
        trace.sent(line);
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    void flush() throws IOException {
        out.flush();
    }

    /** The account's maildrop is this session's, or it is said why not (RFC 1939 §4). */
    Pop3Reply enter(AccountKey account) {
        if (!services.maildrops().take(account, this::accountDisabled)) {
            return Pop3Reply.err("IN-USE", "Another POP3 session has this mailbox; wait until it ends"); // RFC 2449 §8.1.2
        }
        AccountMail mail = null;
        boolean entered = false;
        try {
            mail = services.mail().open(account);
            Maildrop maildrop = Maildrop.of(mail);
            open = new Open(account, mail, maildrop);
            entered = true;
            trace.account(account.toString());
            services.log().info("pop3.login", "account", account, "address", address());
            return Pop3Reply.ok(maildrop.count() + " messages");
        } catch (StoreException e) {
            services.log().error("pop3.account-unavailable", e, "account", account);
            return Pop3Reply.err("SYS/TEMP", "The mailbox cannot be opened now; try again later");
        } finally {
            if (!entered) {
                services.maildrops().release(account);
                if (mail != null) {
                    mail.close();
                }
            }
        }
    }

    private void leave() {
        Open left = open;
        open = null;
        if (left != null) {
            services.maildrops().release(left.account());
            left.mail().close();
        }
    }

    private void accountDisabled() {
        disabled = true;
        connection.interruptInput(EndOfInput.SERVER_STOPPING);
    }

    // ---- the loop

    private void serve() throws IOException {
        write(Pop3Reply.ok(settings.hostname() + " POP3 ready").line());
        while (!ended) {
            if (!input.hasReadAhead()) {
                out.flush(); // RFC 2449 §6.6: answers to pipelined commands go together
            }
            connection.deadline(open == null ? settings.limits().loginTimeout() : settings.limits().idleTimeout());
            Optional<Pop3Input.Line> line = input.readLine(MAX_LINE_OCTETS);
            if (line.isEmpty()) {
                sayGoodbye();
                break;
            }
            switch (line.get()) {
                case Pop3Input.Line.TooLong() -> answer(Pop3Reply.err("A command has at most 255 octets"), true);
                case Pop3Input.Line.Text(String text) -> execute(text);
            }
        }
        out.flush();
    }

    private void sayGoodbye() throws IOException {
        if (connection.endOfInput() != EndOfInput.PEER_CLOSED) {
            boolean late = connection.endOfInput() == EndOfInput.TIMED_OUT;
            write(disabled
                    ? "-ERR [SYS/PERM] The account can no longer be used"
                    : late ? "-ERR You said nothing for too long" : "-ERR [SYS/TEMP] The server is stopping; connect again in a moment");
        }
    }

    private void execute(String line) throws IOException {
        int space = line.indexOf(' ');
        String word = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String arguments = space < 0 ? "" : line.substring(space + 1);
        boolean secret = word.equals("PASS") || word.equals("AUTH");
        if (secret) {
            trace.receivedSecret(word, line.length());
        } else {
            trace.received(line);
        }
        Pop3Reply reply;
        try {
            Optional<Pop3Reply> known = command(word, arguments);
            if (known.isEmpty()) {
                answer(Pop3Reply.err("There is no such command here"), true);
                return;
            }
            reply = known.get();
        } catch (StoreException e) {
            if (e.trouble()) {
                services.log().error("pop3.store-trouble", e, "verb", word);
            }
            reply = e.reason() == StoreException.Cause.EXPUNGED
                    ? Pop3Reply.err("Another program has removed this message")
                    : Pop3Reply.err("SYS/TEMP", "The mailbox cannot be read now; try again later");
        } catch (RuntimeException e) {
            services.statistics().bugs.increment();
            services.log().error("pop3.bug", e, "verb", word);
            reply = Pop3Reply.err("SYS/PERM", "The server has a bug here; its log says more").andClose();
        }
        answer(reply, false);
        if (word.equals("STLS") && reply.ok()) {
            startTls();
        }
    }

    private void answer(Pop3Reply reply, boolean error) throws IOException {
        if (!reply.line().isEmpty()) {
            write(reply.line());
        }
        if (error && ++errors > settings.limits().maxErrors()) {
            write("-ERR Too many commands that could not be understood");
            ended = true;
        }
        ended |= reply.closing();
    }

    private Optional<Pop3Reply> command(String word, String arguments) throws StoreException, IOException {
        Open entered = open;
        return switch (word) {
            case "CAPA" -> Optional.of(login.capabilities(entered != null));
            case "QUIT" -> Optional.of(quit(entered));
            case "STLS", "USER", "PASS", "AUTH", "UTF8" -> entered == null
                    ? Optional.of(login.run(word, arguments))
                    : Optional.of(Pop3Reply.err("You are logged in already"));
            case "STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "RSET", "NOOP" -> entered == null
                    ? Optional.of(Pop3Reply.err("Log in first"))
                    : Optional.of(new MaildropCommands(this, out, entered.maildrop()).run(word, arguments));
            default -> Optional.empty();
        };
    }

    /** RFC 1939 §6, the UPDATE state. */
    private Pop3Reply quit(@Nullable Open entered) {
        if (entered == null) {
            return Pop3Reply.ok("Goodbye").andClose();
        }
        try {
            long removed = entered.maildrop().update();
            services.statistics().deleted.add(removed);
            services.log().info("pop3.quit", "account", entered.account(), "deleted", removed);
            return Pop3Reply.ok("Goodbye").andClose();
        } catch (StoreException e) {
            services.log().error("pop3.store-trouble", e, "verb", "QUIT");
            return Pop3Reply.err("SYS/TEMP", "Some deleted messages were not removed").andClose();
        }
    }

    /** RFC 2595 §4; what was said in plaintext behind STLS is forgotten. */
    private void startTls() throws IOException {
        out.flush();
        if (input.hasReadAhead()) {
            services.log().warn("pop3.starttls-injection", "address", address());
        }
        connection.deadline(settings.limits().tlsHandshakeTimeout());
        try {
            connection.startTls(settings.startTls().orElseThrow());
        } catch (IOException e) {
            services.log().info("pop3.tls-failed", "address", address(), "cause", e.toString());
            throw e;
        }
        input = new Pop3Input(connection.in());
        out = new BufferedOutputStream(connection.out(), BUFFER_OCTETS);
        login.forget();
        trace.note("TLS " + connection.tls().orElseThrow());
    }
}
