package io.mailserver.imap;

/**
 * A message that a client is about to send as a literal of APPEND or REPLACE.
 *
 * @param tag of the command
 * @param verb APPEND or REPLACE
 * @param mailbox where it shall go
 * @param octets its size, as announced
 * @param earlierOctets of the messages before it in the same command
 * @param binary whether it is a literal8
 */
public record LiteralRequest(String tag, ImapVerb verb, String mailbox, long octets, long earlierOctets, boolean binary) {}
