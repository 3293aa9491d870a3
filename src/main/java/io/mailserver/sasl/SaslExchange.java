package io.mailserver.sasl;

import io.mailserver.sasl.PasswordVerifier.Outcome;
import java.util.Optional;

/**
 * The server's side of one authentication (RFC 4422 §3): fed with the client's responses, it asks on or ends with what the client claims
 * or has proven. One exchange, one thread. Protocols talk to {@link SaslLogin}, which drives it.
 */
interface SaslExchange {
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

        /** The exchange itself found out whether the client is who it says, and that is already counted. */
        record Decided(String userName, Outcome outcome) implements Step {}

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
