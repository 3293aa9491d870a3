package io.mailserver.store;

import io.mailserver.base.Content;
import java.time.Instant;
import java.util.Set;

/**
 * A message to append.
 *
 * @param content stays the caller's to close
 * @param date INTERNALDATE, whole seconds
 */
public record NewMessage(Content content, Set<Flag> flags, Instant date) {
    public NewMessage {
        flags = Set.copyOf(flags);
    }
}
