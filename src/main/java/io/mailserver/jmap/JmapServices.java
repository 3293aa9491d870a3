package io.mailserver.jmap;

import io.mailserver.base.Time;
import io.mailserver.config.JmapConfig;
import io.mailserver.log.EventLog;
import io.mailserver.search.SearchIndex;
import io.mailserver.store.AccountKey;
import io.mailserver.store.AccountStore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What JMAP works with; all of it outlives it.
 *
 * @param searchIndexes finds the index of an account; {@link SearchIndex#NONE} where there is none
 * @param configs the limits as they are now
 */
public record JmapServices(
        AccountStore store,
        Function<AccountKey, SearchIndex> searchIndexes,
        Uploads uploads,
        Supplier<JmapConfig> configs,
        Time time,
        EventLog log) {
    JmapConfig config() {
        return configs.get();
    }
}
