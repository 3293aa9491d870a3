package io.mailserver.store;

import java.util.List;
import java.util.Optional;

/**
 * What the index keeps of an email, made from its octets.
 *
 * @param parts encoded {@link EmailParts}
 * @param ownId a hash of its Message-ID
 * @param references hashes of the ids it refers to, the root of the thread first; bounded
 */
// Octets that nobody compares and nobody changes.
@SuppressWarnings("ArrayRecordComponent")
record RenderedEmail(byte[] parts, Optional<Long> ownId, List<Long> references) {
    /** The thread as far as the email itself tells: that of the oldest message it refers to, else its own. */
    long derivedThread(long email) {
        return references.isEmpty() ? ownId.orElse(email) : references.getFirst();
    }
}
