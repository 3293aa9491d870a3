package io.mailserver.queue;

import io.mailserver.smtpclient.RecipientResult;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What came of trying to hand on a message.
 *
 * @param results of the recipients that were tried, in their order
 * @param host who decided
 * @param takesDsn whether it took over the wish for notices (RFC 3461 §5.2)
 * @param unreachable whether no server could be reached: it is the lane's trouble and not the message's
 */
record Attempt(List<RecipientResult> results, Optional<String> host, boolean takesDsn, boolean unreachable) {
    static Attempt same(RecipientResult result, int count, Optional<String> host, boolean unreachable) {
        return new Attempt(Collections.nCopies(count, result), host, false, unreachable);
    }
}
