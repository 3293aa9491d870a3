package io.mailserver.store;

/**
 * The figures of STATUS (RFC 9051 §6.3.11).
 *
 * @param uidNext an unsigned number
 * @param uidValidity an unsigned number
 * @param size octets with CRLF line ends, of all messages
 */
public record MailboxStatus(
        int messages, int unseen, int deleted, int recent, int uidNext, int uidValidity, long highestModSeq, long size) {}
