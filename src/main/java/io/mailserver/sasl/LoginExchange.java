package io.mailserver.sasl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** LOGIN: user name and password, each asked for (draft-murchison-sasl-login-00 §2.1); an initial response is the user name. */
final class LoginExchange implements SaslExchange {
    private @Nullable String userName;

    @Override
    public Step start(Optional<byte[]> initial) {
        return initial.isPresent() ? answer(initial.get()) : new Step.Challenge("Username:");
    }

    @Override
    public Step answer(byte[] response) {
        Optional<String> text = SaslText.decode(response, SaslText.MAX_OCTETS);
        if (text.isEmpty() || text.get().isEmpty() || text.get().indexOf('\0') >= 0) {
            return new Step.Malformed("user name and password must be 1 to 1024 octets of UTF-8");
        }
        String user = userName;
        if (user == null) {
            userName = text.get();
            return new Step.Challenge("Password:");
        }
        return new Step.Claim("", user, text.get());
    }
}
