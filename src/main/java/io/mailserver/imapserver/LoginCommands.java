package io.mailserver.imapserver;

import io.mailserver.base.Domain;
import io.mailserver.imap.ImapCommand;
import io.mailserver.imap.ResponseCode;
import io.mailserver.imap.ResponseCode.Plain;
import io.mailserver.imap.StatusResponse;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.sasl.SaslLogin;
import io.mailserver.sasl.SaslMechanism;
import io.mailserver.sharing.SharedMail;
import io.mailserver.store.AccountKey;
import io.mailserver.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** STARTTLS, LOGIN and AUTHENTICATE (RFC 9051 §6.2). */
final class LoginCommands {
    /** Of one line of a SASL exchange. */
    private static final int MAX_LINE_OCTETS = 16 << 10;

    private static final StatusResponse REJECTED = StatusResponse.no(Plain.AUTHENTICATIONFAILED, "Wrong user name or password");
    private static final StatusResponse NOT_BASE64 = StatusResponse.bad("The response is not base64");
    private static final StatusResponse CANCELLED = StatusResponse.bad("AUTHENTICATE was cancelled");

    private final SessionContext context;
    private final AccountSessions.Member member;
    private int failures;

    LoginCommands(SessionContext context, AccountSessions.Member member) {
        this.context = context;
        this.member = member;
    }

    /** The session starts the handshake once this answer is out. */
    StatusResponse startTls() {
        if (context.overTls()) {
            return StatusResponse.bad("TLS is active already");
        }
        return context.settings().startTls().isPresent()
                ? StatusResponse.ok("Begin TLS now")
                : StatusResponse.bad("TLS is not available here");
    }

    /** The same as PLAIN with another syntax (RFC 9051 §6.2.3). */
    StatusResponse login(ImapCommand.Login command) {
        String message = "\0" + command.user() + "\0" + command.password();
        return step(context.saslLogin().start(SaslMechanism.PLAIN, Optional.of(message.getBytes(StandardCharsets.UTF_8))));
    }

    StatusResponse authenticate(ImapCommand.Authenticate command) throws IOException {
        SaslLogin login = context.saslLogin();
        Optional<SaslMechanism> mechanism = SaslMechanism.named(command.mechanism()).filter(login::offers);
        if (mechanism.isEmpty()) {
            return StatusResponse.no(Plain.CANNOT, "This mechanism is not available; CAPABILITY names those that are");
        }
        Optional<byte[]> initial = Optional.empty();
        if (command.initialResponse().isPresent()) {
            initial = decode(command.initialResponse().get());
            if (initial.isEmpty()) {
                return NOT_BASE64;
            }
        }
        SaslLogin.Step step = login.start(mechanism.get(), initial);
        while (step instanceof SaslLogin.Step.Challenge(String text)) {
            context.out().continuation(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)));
            Optional<String> line = context.input().readLine(MAX_LINE_OCTETS);
            if (line.isEmpty()) {
                return CANCELLED.closing(); // Ended, or a line too long, behind which nothing can be found again.
            }
            context.trace().receivedSecret("", line.get().length());
            if (line.get().equals("*")) {
                return CANCELLED;
            }
            Optional<byte[]> response = line.get().isEmpty() ? Optional.of(new byte[0]) : decode(line.get());
            if (response.isEmpty()) {
                return NOT_BASE64;
            }
            step = login.answer(response.get());
        }
        return step(step);
    }

    /** {@code =} stands for the empty response (RFC 4959 §3). */
    private static Optional<byte[]> decode(String base64) {
        if (base64.equals("=")) {
            return Optional.of(new byte[0]);
        }
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private StatusResponse step(SaslLogin.Step step) {
        return switch (step) {
            case SaslLogin.Step.Done(String userName, Outcome outcome) -> decided(userName, outcome);
            case SaslLogin.Step.Malformed(String why) -> StatusResponse.bad("Malformed: " + why);
            case SaslLogin.Step.Challenge challenge -> REJECTED; // LOGIN has no further step
        };
    }

    private StatusResponse decided(String userName, Outcome outcome) {
        String address = context.connection().remoteAddress().getHostAddress();
        return switch (outcome) {
            case Outcome.Success(String account) -> succeeded(account, address);
            case Outcome.Rejected() -> {
                failures++;
                context.services().log().info("imap.login-failed", "user", userName, "address", address);
                yield failures < context.settings().auth().failuresPerConnection() ? REJECTED : REJECTED.closing();
            }
            case Outcome.LockedOut locked -> {
                context.services().log().info("imap.login-locked", "user", userName, "address", address);
                yield StatusResponse.no(Plain.UNAVAILABLE, "Too many failed logins; try again later").closing();
            }
            case Outcome.Unavailable() -> StatusResponse.no(Plain.UNAVAILABLE, "Cannot log in now; try again later");
        };
    }

    private StatusResponse succeeded(String address, String client) {
        int at = address.lastIndexOf('@');
        AccountKey account = new AccountKey(new Domain(address.substring(at + 1)), address.substring(0, at));
        int most = context.settings().limits().sessionsPerAccount();
        AccountSessions sessions = context.services().sessions();
        if (!sessions.enter(account, member, most)) {
            context.services().log().warn("imap.too-many-sessions", "account", account, "sessions", most);
            return StatusResponse.no(Plain.LIMIT, "Your account has " + most + " sessions open, which is the most; close some");
        }
        boolean open = false;
        try {
            SharedMail mail = context.services().mail().open(account);
            context.loggedIn(account, mail, member);
            open = true;
        } catch (StoreException e) {
            context.services().log().error("imap.account-unavailable", e, "account", account);
            return Refusals.of(e);
        } finally {
            if (!open) {
                sessions.leave(account, member);
            }
        }
        context.services().log().info("imap.login", "account", account, "address", client);
        // RFC 9051 §6.2.3: saves the client a round trip.
        return StatusResponse.ok(new ResponseCode.Capability(context.capabilities()), "Logged in");
    }
}
