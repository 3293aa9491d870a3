package io.mailserver.store;

/**
 * What a change of flags did.
 *
 * @param changed messages that have a new MODSEQ
 * @param modified messages left alone because they were changed since the MODSEQ the client named (RFC 7162 §3.1.3)
 * @param modSeq of the change; the mailbox's highest if nothing changed
 */
public record StoreOutcome(UidSet changed, UidSet modified, long modSeq) {}
