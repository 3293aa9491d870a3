package io.mailserver.smtpserver;

import io.mailserver.log.SessionTrace;
import io.mailserver.sasl.PasswordVerifier.Outcome;
import io.mailserver.sasl.SaslLogin;
import io.mailserver.sasl.SaslLogin.Step;
import io.mailserver.sasl.SaslMechanism;
import io.mailserver.smtp.Client;
import io.mailserver.smtp.Reply;
import io.mailserver.smtp.SmtpCommand;
import io.mailserver.smtp.SmtpCommandParser;
import io.mailserver.smtp.SmtpInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** The AUTH command (RFC 4954 §4): carries a SASL exchange in base64 lines and asks whether the claim is true. */
final class AuthDialogue {
    /** RFC 4954 §4: of one line, CRLF included. */
    private static final int MAX_LINE_OCTETS = 12_288;

    private static final Reply REJECTED = Reply.of(535, "5.7.8", "Wrong user name or password");
    private static final Reply NOT_BASE64 = Reply.of(501, "5.5.2", "The response is not base64");

    private final SmtpSettings settings;
    private final SmtpServices services;
    private final SessionTrace trace;
    private final SmtpInput input;
    private final SessionOutput output;
    private int failures;

    AuthDialogue(SmtpSettings settings, SmtpServices services, SessionTrace trace, SmtpInput input, SessionOutput output) {
        this.settings = settings;
        this.services = services;
        this.trace = trace;
        this.input = input;
        this.output = output;
    }

    /** @param account who logged in, if the reply is 235 */
    record Result(Reply reply, Optional<String> account) {
        static Result of(Reply reply) {
            return new Result(reply, Optional.empty());
        }
    }

    Result run(SmtpCommand.Auth auth, Client client, SaslLogin login) throws IOException {
        if (client.tls().isEmpty() && settings.auth().requireTls()) {
            return Result.of(Reply.of(538, "5.7.11", "Encryption required: say STARTTLS first")); // RFC 4954 §4
        }
        Optional<SaslMechanism> mechanism = SaslMechanism.named(auth.mechanism()).filter(login::offers);
        if (mechanism.isEmpty()) {
            String offered = login.offered().stream().map(SaslMechanism::label).collect(Collectors.joining(" "));
            return Result.of(Reply.of(504, "5.5.4", "This mechanism is not available; there are " + offered));
        }
        Optional<byte[]> initial = Optional.empty();
        if (auth.initialResponse().isPresent()) {
            initial = decode(auth.initialResponse().get());
            if (initial.isEmpty()) {
                return Result.of(NOT_BASE64);
            }
        }
        Step step = login.start(mechanism.get(), initial);
        while (step instanceof Step.Challenge(String text)) {
            switch (ask(text)) {
                case Response.Octets(byte[] octets) -> step = login.answer(octets);
                case Response.Ended(Reply reply) -> {
                    return Result.of(reply);
                }
            }
        }
        return switch (step) {
            case Step.Done(String userName, Outcome outcome) -> answer(userName, outcome, client);
            case Step.Malformed(String why) -> Result.of(Reply.of(501, "5.5.2", "Malformed: " + why));
            case Step.Challenge challenge -> throw new IllegalStateException("asked above");
        };
    }

    private sealed interface Response {
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Octets(byte[] octets) implements Response {}

        record Ended(Reply reply) implements Response {}
    }

    private Response ask(String challenge) throws IOException {
        output.write(Reply.bare(334, Base64.getEncoder().encodeToString(challenge.getBytes(StandardCharsets.US_ASCII))));
        return switch (input.readLine(MAX_LINE_OCTETS)) {
            case LINE -> response();
            case BARE_LINE_FEED -> new Response.Ended(Replies.BARE_LINE_FEED);
            case TOO_LONG, AUTH_TOO_LONG -> new Response.Ended(SmtpCommandParser.tooLongReply(true));
            // The session's loop sees the same end at its next read and says goodbye.
            case END -> new Response.Ended(Reply.of(501, "5.7.0", "Cancelled"));
        };
    }

    private Response response() {
        int length = input.lineEnd() - input.lineStart();
        String line = new String(input.buffer(), input.lineStart(), length, StandardCharsets.ISO_8859_1);
        trace.receivedSecret("", length);
        if (line.equals("*")) {
            return new Response.Ended(Reply.of(501, "5.7.0", "Cancelled")); // RFC 4954 §4
        }
        return line.isEmpty()
                ? new Response.Octets(new byte[0])
                : decode(line).<Response>map(Response.Octets::new).orElseGet(() -> new Response.Ended(NOT_BASE64));
    }

    /** {@code =} stands for the empty response (RFC 4954 §4). */
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

    private Result answer(String userName, Outcome outcome, Client client) {
        services.watch().login(client, outcome instanceof Outcome.Success);
        return switch (outcome) {
            case Outcome.Success(String account) -> {
                services.log().info("smtp.login", "account", account, "address", client.address().getHostAddress());
                yield new Result(Reply.of(235, "2.7.0", "Authentication successful"), Optional.of(account));
            }
            case Outcome.Rejected() -> rejected(userName, client);
            case Outcome.LockedOut locked -> {
                services.log().info("smtp.login-locked", "user", userName, "address", client.address().getHostAddress());
                yield Result.of(Reply.of(421, "4.7.0", "Too many failed logins; try again later").closing());
            }
            case Outcome.Unavailable() -> Result.of(Reply.of(454, "4.7.0", "Cannot authenticate now; try again later"));
        };
    }

    private Result rejected(String userName, Client client) {
        failures++;
        services.log().info("smtp.login-failed", "user", userName, "address", client.address().getHostAddress());
        return Result.of(
                failures < settings.auth().failuresPerConnection()
                        ? REJECTED
                        : Reply.of(421, "4.7.0", "Too many failed logins in one connection").closing());
    }
}
