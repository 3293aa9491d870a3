package io.mailserver.queue;

import io.mailserver.dsn.RecipientNotice.Action;
import io.mailserver.smtpclient.RecipientResult;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What came of trying to hand on a message.
 *
 * @param results of the recipients that were tried, in their order
 * @param host who decided
 * @param receipts what the sender of each is told who asked for word of success; empty where that is for others to tell
 * @param unreachable whether no server could be reached: it is the lane's trouble and not the message's
 */
record Attempt(List<RecipientResult> results, Optional<String> host, List<Optional<Action>> receipts, boolean unreachable) {
    static Attempt same(RecipientResult result, int count, Optional<String> host, boolean unreachable) {
        Action receipt = host.isEmpty() ? Action.DELIVERED : Action.RELAYED;
        return new Attempt(
                Collections.nCopies(count, result), host, Collections.nCopies(count, Optional.of(receipt)), unreachable);
    }

    /**
     * Of a server that was talked to.
     *
     * @param takesDsn whether it took over the wish for notices (RFC 3461 §5.2.1); else the message is relayed to where there are none
     *     (§5.2.2)
     */
    static Attempt at(String host, List<RecipientResult> results, boolean takesDsn) {
        Optional<Action> receipt = takesDsn ? Optional.empty() : Optional.of(Action.RELAYED);
        return new Attempt(results, Optional.of(host), Collections.nCopies(results.size(), receipt), false);
    }
}
