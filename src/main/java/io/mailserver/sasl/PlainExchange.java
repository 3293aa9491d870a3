package io.mailserver.sasl;

import java.util.Optional;

/** PLAIN: {@code [authzid] NUL authcid NUL passwd} in one message (RFC 4616 §2). */
final class PlainExchange implements SaslExchange {
    @Override
    public Step start(Optional<byte[]> initial) {
        return initial.isPresent() ? answer(initial.get()) : new Step.Challenge("");
    }

    @Override
    public Step answer(byte[] response) {
        Optional<String> text = SaslText.decode(response, 3 * SaslText.MAX_OCTETS + 2);
        if (text.isEmpty()) {
            return new Step.Malformed("the PLAIN response is too long or not UTF-8");
        }
        String[] parts = text.get().split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return new Step.Malformed("the PLAIN response is not authzid NUL user NUL password");
        }
        return new Step.Claim(parts[0], parts[1], parts[2]);
    }
}
