package io.mailserver.store;

/**
 * What happened in a mailbox since some MODSEQ (RFC 7162 §3.2.5).
 *
 * @param changed messages there that are new or have other flags
 * @param vanished messages that were expunged since; may name more that never were, or went earlier
 * @param modSeq up to which this is complete
 */
public record Changes(UidSet changed, UidSet vanished, long modSeq) {}
