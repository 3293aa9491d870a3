package io.mailserver.config;

import java.time.Duration;
import java.util.Map;

/** Logging in, the same for all protocols. */
public record AuthConfig(
        @Key(doc = "Whether passwords are taken over TLS only. Leave it so unless the network is your own.", value = "true")
        boolean requireTls,
        @Key(
                doc = "Failed logins in one connection; then it is closed.",
                value = "3",
                unit = "logins",
                min = "1",
                max = "100")
        int failuresPerConnection,
        @Key(
                doc = "Failed logins from one address after which it is refused until they are forgotten.",
                value = "20",
                unit = "logins",
                min = "1",
                max = "1000000")
        int failuresPerAddress,
        @Key(
                doc = "Failed logins to one account after which it is refused, except from addresses where it logged in before, until they "
                        + "are forgotten or account unlock is used.",
                value = "50",
                unit = "logins",
                min = "1",
                max = "1000000")
        int failuresPerAccount,
        @Key(doc = "How long a failed login is remembered.", value = "15m", min = "1s", max = "30d") Duration forgetFailuresAfter) {
    /** The values of an empty file. */
    public static AuthConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static AuthConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(AuthConfig.class, null, changes, Map.of());
    }
}
