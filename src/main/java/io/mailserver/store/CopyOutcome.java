package io.mailserver.store;

/**
 * What was copied or moved (RFC 4315 §3).
 *
 * @param uidValidity of the target
 * @param source the messages that were there to copy; fewer than asked for if some were gone
 * @param target their UIDs there, in the same order: both ascend
 * @param expunged what left the source; empty for a copy
 */
public record CopyOutcome(int uidValidity, UidSet source, UidSet target, UidSet expunged) {}
