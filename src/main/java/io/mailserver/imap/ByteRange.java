package io.mailserver.imap;

/**
 * The octets that a client wants of a section: {@code <first.count>} (RFC 9051 §6.4.5).
 *
 * @param first the first one, from 0
 * @param count how many at most, at least 1
 */
public record ByteRange(long first, long count) {}
