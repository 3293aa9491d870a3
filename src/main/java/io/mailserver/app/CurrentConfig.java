package io.mailserver.app;

import io.mailserver.config.Config;
import io.mailserver.config.LimitsConfig;
import io.mailserver.net.ConnectionLimits;
import java.util.function.Supplier;

/** The configuration of this moment, replaced as a whole by a reload. Safe for use by any thread. */
final class CurrentConfig implements Supplier<Config> {
    private final ConnectionLimits limits;
    private volatile Config config;

    CurrentConfig(Config config, ConnectionLimits limits) {
        this.config = config;
        this.limits = limits;
    }

    @Override
    public Config get() {
        return config;
    }

    /** Swaps; connections and messages that began keep what they began with. */
    void set(Config next) {
        config = next;
        limits.change(limits(next.limits()));
    }

    static ConnectionLimits.Limits limits(LimitsConfig config) {
        return new ConnectionLimits.Limits(
                config.connectionsPerAddress(), config.connectionsPerNetwork(), config.connections(), config.newPerMinute());
    }
}
