package io.mailserver.sasl;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client logging in, for any protocol: which mechanisms it may use, and an exchange from its first response to its outcome. The
 * protocol carries challenges and responses (base64, cancelling, limits of lines). One thread.
 */
public final class SaslLogin {
    private final PasswordVerifier accounts;
    private final InetAddress client;
    private final Optional<ChannelBindings> bindings;
    private @Nullable SaslExchange exchange;

    /**
     * @param client where it comes from, for slowing down guesses
     * @param bindings of its TLS; empty in plaintext
     */
    public SaslLogin(PasswordVerifier accounts, InetAddress client, Optional<ChannelBindings> bindings) {
        this.accounts = accounts;
        this.client = client;
        this.bindings = bindings;
    }

    /** What the protocol does next. */
    public sealed interface Step {
        /**
         * Send this and go on with the answer.
         *
         * @param text US-ASCII, possibly empty; the protocol writes it in base64
         */
        record Challenge(String text) implements Step {}

        /**
         * It is decided.
         *
         * @param userName as the client gave it, for the log
         */
        record Done(String userName, Outcome outcome) implements Step {}

        /**
         * The response does not follow the mechanism: an error of syntax, not a failed login.
         *
         * @param why for the client, without anything the client sent
         */
        record Malformed(String why) implements Step {}
    }

    /** Whether a client of this connection may use the mechanism. */
    public boolean offers(SaslMechanism mechanism) {
        return switch (mechanism) {
            case PLAIN, LOGIN -> true;
            case SCRAM_SHA_256 -> accounts.scram().isPresent();
            case SCRAM_SHA_256_PLUS -> accounts.scram().isPresent() && bindings.isPresent();
        };
    }

    /** The mechanisms to announce, strongest first. */
    public List<SaslMechanism> offered() {
        return Arrays.stream(SaslMechanism.values()).filter(this::offers).toList();
    }

    /**
     * Begins an exchange; one before it is forgotten.
     *
     * @param mechanism one that is offered
     * @param initial where the protocol carried an initial response
     */
    public Step start(SaslMechanism mechanism, Optional<byte[]> initial) {
        if (!offers(mechanism)) {
            throw new IllegalArgumentException(mechanism + " is not offered");
        }
        SaslExchange begun = switch (mechanism) {
            case PLAIN -> new PlainExchange();
            case LOGIN -> new LoginExchange();
            case SCRAM_SHA_256 -> scram(false);
            case SCRAM_SHA_256_PLUS -> scram(true);
        };
        exchange = begun;
        return decide(begun.start(initial));
    }

    /** The step after the client's answer to a challenge. */
    public Step answer(byte[] response) {
        SaslExchange begun = exchange;
        if (begun == null) {
            throw new IllegalStateException("not started");
        }
        return decide(begun.answer(response));
    }

    private ScramExchange scram(boolean plus) {
        return new ScramExchange(accounts.scram().orElseThrow(), client, bindings, plus);
    }

    private Step decide(SaslExchange.Step step) {
        return switch (step) {
            case SaslExchange.Step.Challenge(String text) -> new Step.Challenge(text);
            case SaslExchange.Step.Malformed(String why) -> new Step.Malformed(why);
            case SaslExchange.Step.Decided(String userName, Outcome outcome) -> new Step.Done(userName, outcome);
            case SaslExchange.Step.Claim claim -> new Step.Done(claim.userName(), verify(claim));
        };
    }

    private Outcome verify(SaslExchange.Step.Claim claim) {
        boolean forAnother = !claim.authorizationId().isEmpty() && !claim.authorizationId().equals(claim.userName());
        return forAnother ? new Outcome.Rejected() : accounts.verify(claim.userName(), claim.password(), client);
    }
}
