package io.mailserver.queue;

import java.time.Instant;

/**
 * A message in the queue, without its octets.
 *
 * @param id names it
 * @param created when it was accepted, to the second
 * @param envelope whose it is and where it goes
 * @param octets its size as it will be sent, in octets with CRLF line ends
 */
public record QueuedMessage(QueueId id, Instant created, QueueEnvelope envelope, long octets) {}
