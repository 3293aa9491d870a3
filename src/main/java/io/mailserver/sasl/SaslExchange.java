package io.mailserver.sasl;

import java.util.Locale;
import java.util.Optional;

/**
 * The server's side of one authentication (RFC 4422 §3): fed with the client's responses, it asks on or ends with what the client claims.
 * It decides nothing: whether the claim is true is for {@link PasswordVerifier}. One exchange, one thread.
 */
public interface SaslExchange {
    /** The mechanisms offered, strongest first. */
    enum Mechanism {
        PLAIN,
        /** Not standardized (draft-murchison-sasl-login); some devices know nothing else. */
        LOGIN;

        /** By its name in any case; empty if not known here. */
        public static Optional<Mechanism> named(String name) {
            return switch (name.toUpperCase(Locale.ROOT)) {
                case "PLAIN" -> Optional.of(PLAIN);
                case "LOGIN" -> Optional.of(LOGIN);
                default -> Optional.empty();
            };
        }

        /** A new exchange. */
        public SaslExchange begin() {
            return this == PLAIN ? new PlainExchange() : new LoginExchange();
        }
    }

    /** What the server does next. */
    sealed interface Step {
        /**
         * Ask on.
         *
         * @param text US-ASCII, possibly empty; the protocol writes it in base64
         */
        record Challenge(String text) implements Step {}

        /**
         * The client's claim, to be verified.
         *
         * @param authorizationId whom the client wants to act as; empty: the same as userName
         */
        record Claim(String authorizationId, String userName, String password) implements Step {
            /** Says nothing of the password. */
            @Override
            public String toString() {
                return "Claim[" + userName + "]";
            }
        }

        /**
         * The response does not follow the mechanism.
         *
         * @param why for the client, without anything the client sent
         */
        record Malformed(String why) implements Step {}
    }

    /** The first step; {@code initial} where the protocol carried an initial response. */
    Step start(Optional<byte[]> initial);

    /** The step after the client's answer to a challenge. */
    Step answer(byte[] response);
}
