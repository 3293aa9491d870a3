package io.mailserver.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message as {@link Mailbox#read} gives it.
 *
 * @param uid an unsigned number
 * @param index in the list that was current when it was read
 * @param threadId if it was asked for
 * @param saveDate if it was asked for
 * @param parts if they were asked for; never missing then
 */
public record MessageRow(
        int uid, int index, @Nullable ThreadId threadId, @Nullable Instant saveDate, @Nullable EmailParts parts) {
    /** The parts, asked for. */
    public EmailParts cached() {
        return Optional.ofNullable(parts).orElseThrow();
    }
}
