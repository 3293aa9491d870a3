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
                doc = "Failed logins, from one client or to one name, that are answered at once; each further one waits longer, up to 4 "
                        + "seconds.",
                value = "3",
                unit = "logins",
                min = "0",
                max = "1000")
        int failuresBeforeDelay,
        @Key(
                doc = "Failed logins from one client (an IPv4 address, or an IPv6 /64) that lock it out.",
                value = "20",
                unit = "logins",
                min = "1",
                max = "1000000")
        int failuresPerAddress,
        @Key(
                doc = "Failed logins to one name, whether or not there is such an account, that lock it.",
                value = "10",
                unit = "logins",
                min = "1",
                max = "1000000")
        int failuresPerAccount,
        @Key(doc = "How long a lock lasts, unless ./mailserver account unlock ends it.", value = "15m", min = "1s", max = "30d")
        Duration lockedFor,
        @Key(
                doc = "After so long without a failure, those before no longer count.",
                value = "15m",
                min = "1s",
                max = "30d")
        Duration forgetFailuresAfter) {
    /** The values of an empty file. */
    public static AuthConfig defaults() {
        return of(Map.of());
    }

    /** The defaults with changes, by the keys' names. */
    public static AuthConfig of(Map<String, String> changes) {
        return ConfigLoader.bind(AuthConfig.class, null, changes, Map.of());
    }
}
