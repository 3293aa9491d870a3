package io.mailserver.pop3server;

import io.mailserver.base.Domain;
import io.mailserver.sasl.ChannelBindings;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.sasl.SaslLogin;
import io.mailserver.sasl.SaslMechanism;
import io.mailserver.store.AccountKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** The AUTHORIZATION state: CAPA, STLS, UTF8, USER and PASS, AUTH (RFC 1939 §4, §7, RFC 2449 §5, RFC 5034). */
final class Pop3Login {
    /** RFC 5034 §4: lines of a SASL exchange may be this long. */
    private static final int MAX_SASL_OCTETS = 12_288;

    private static final Pop3Reply NEEDS_TLS = Pop3Reply.err("Logging in needs TLS: say STLS first, or connect to the port for TLS");
    private static final Pop3Reply REJECTED = Pop3Reply.err("AUTH", "Wrong user name or password"); // RFC 3206 §4
    private static final Pop3Reply NOT_BASE64 = Pop3Reply.err("The response is not base64");

    private final Pop3Session session;
    private String user = "";
    private int failures;

    Pop3Login(Pop3Session session) {
        this.session = session;
    }

    /** What was said before TLS does not count (RFC 2595 §4). */
    void forget() {
        user = "";
    }

    private SaslLogin saslLogin() {
        Optional<ChannelBindings> bindings = session.connection().tls().map(tls -> session.connection()::channelBinding);
        return new SaslLogin(session.services().passwords(), session.connection().remoteAddress(), bindings);
    }

    private boolean offersStls() {
        return session.settings().startTls().isPresent() && !session.overTls();
    }

    /** RFC 2449 §5, §6. */
    Pop3Reply capabilities(boolean loggedIn) throws IOException {
        session.write("+OK These");
        session.write("TOP");
        session.write("UIDL");
        session.write("RESP-CODES");
        session.write("AUTH-RESP-CODE");
        session.write("PIPELINING");
        session.write("EXPIRE NEVER");
        session.write("UTF8 USER"); // RFC 6856 §2
        if (!loggedIn && offersStls()) {
            session.write("STLS");
        }
        if (!loggedIn && session.mayLogIn()) {
            session.write("USER");
            session.write("SASL " + saslLogin().offered().stream().map(SaslMechanism::label).collect(Collectors.joining(" ")));
        }
        session.write(".");
        return Pop3Reply.SENT;
    }

    Pop3Reply run(String word, String arguments) throws IOException {
        return switch (word) {
            case "STLS" -> offersStls() ? Pop3Reply.ok("Begin TLS now") : Pop3Reply.err("TLS is not available here, or active already");
            case "UTF8" -> Pop3Reply.ok("UTF8 enabled"); // names and messages are UTF-8 as they are
            case "USER" -> user(arguments);
            case "PASS" -> pass(arguments);
            default -> auth(arguments);
        };
    }

    private Pop3Reply user(String name) {
        if (!session.mayLogIn()) {
            return NEEDS_TLS;
        }
        if (name.isEmpty()) {
            return Pop3Reply.err("USER takes a name");
        }
        user = name;
        return Pop3Reply.ok("The password, please");
    }

    /** The rest of the line is the password, with its spaces (RFC 1939 §7). */
    private Pop3Reply pass(String password) {
        if (!session.mayLogIn()) {
            return NEEDS_TLS;
        }
        if (user.isEmpty()) {
            return Pop3Reply.err("USER comes first");
        }
        String message = "\0" + user + "\0" + password;
        forget();
        return step(saslLogin().start(SaslMechanism.PLAIN, Optional.of(message.getBytes(StandardCharsets.UTF_8))));
    }

    private Pop3Reply auth(String arguments) throws IOException {
        if (!session.mayLogIn()) {
            return NEEDS_TLS;
        }
        SaslLogin login = saslLogin();
        String[] words = arguments.split(" ", 2);
        Optional<SaslMechanism> mechanism = SaslMechanism.named(words[0]).filter(login::offers);
        if (mechanism.isEmpty()) {
            return Pop3Reply.err("This mechanism is not available; CAPA names those that are");
        }
        Optional<byte[]> initial = Optional.empty();
        if (words.length > 1) {
            initial = decode(words[1]);
            if (initial.isEmpty()) {
                return NOT_BASE64;
            }
        }
        SaslLogin.Step step = login.start(mechanism.get(), initial);
        while (step instanceof SaslLogin.Step.Challenge(String text)) {
            session.write("+ " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)));
            session.flush();
            Optional<Pop3Input.Line> line = session.input().readLine(MAX_SASL_OCTETS);
            if (line.isEmpty() || !(line.get() instanceof Pop3Input.Line.Text(String response))) {
                return Pop3Reply.err("AUTH was cancelled").andClose();
            }
            session.trace().receivedSecret("", response.length());
            if (response.equals("*")) {
                return Pop3Reply.err("AUTH was cancelled");
            }
            Optional<byte[]> octets = decode(response);
            if (octets.isEmpty()) {
                return NOT_BASE64;
            }
            step = login.answer(octets.get());
        }
        return step(step);
    }

    /** {@code =} stands for the empty response (RFC 5034 §4). */
    private static Optional<byte[]> decode(String base64) {
        if (base64.isEmpty() || base64.equals("=")) {
            return Optional.of(new byte[0]);
        }
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Pop3Reply step(SaslLogin.Step step) {
        return switch (step) {
            case SaslLogin.Step.Done(String userName, Outcome outcome) -> decided(userName, outcome);
            case SaslLogin.Step.Malformed(String why) -> Pop3Reply.err("Malformed: " + why);
            case SaslLogin.Step.Challenge challenge -> REJECTED; // PASS has no further step
        };
    }

    private Pop3Reply decided(String userName, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success(String account) -> {
                int at = account.lastIndexOf('@');
                yield session.enter(new AccountKey(new Domain(account.substring(at + 1)), account.substring(0, at)));
            }
            case Outcome.Rejected() -> {
                failures++;
                session.services().log().info("pop3.login-failed", "user", userName, "address", session.address());
                yield failures < session.settings().auth().failuresPerConnection() ? REJECTED : REJECTED.andClose();
            }
            case Outcome.LockedOut locked -> {
                session.services().log().info("pop3.login-locked", "user", userName, "address", session.address());
                yield Pop3Reply.err("SYS/TEMP", "Too many failed logins; try again later").andClose();
            }
            case Outcome.Unavailable() -> Pop3Reply.err("SYS/TEMP", "Cannot log in now; try again later");
        };
    }
}
