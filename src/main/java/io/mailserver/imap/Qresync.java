package io.mailserver.imap;

import java.util.Optional;

/**
 * What a client that comes back knows of a mailbox (RFC 7162 §3.2.5).
 *
 * @param modSeq at least 1
 * @param knownUids empty: all
 * @param known pairs of sequence numbers and UIDs; both without {@code *}, and of equal size
 */
public record Qresync(long uidValidity, long modSeq, Optional<SequenceSet> knownUids, Optional<KnownPairs> known) {
    /** The n-th number belongs to the n-th UID. */
    public record KnownPairs(SequenceSet numbers, SequenceSet uids) {}
}
