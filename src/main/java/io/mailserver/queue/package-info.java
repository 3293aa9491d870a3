/**
 * Mail for other hosts: kept until each recipient's server has taken it or it has been given up.
 *
 * <p>{@link io.mailserver.queue.QueueStore} is the queue on disk: an append-only log in segments (DESIGN §5,
 * docs/decisions/0700-queue-log.md). Every change is a record; records of many threads share a flush; the newest segment is appended to,
 * the oldest cleaned. In memory is {@link io.mailserver.queue.QueueIndex}, some 200 octets for each message.
 *
 * <p>Invariants:
 * <ul>
 *   <li>What a call that makes a change has returned for is there after any crash; what it threw for is not.
 *   <li>A number of a message is never used again.
 *   <li>The end of a log that a crash tore is dropped silently, as nobody was promised it. Damage to what was flushed is reported
 *       ({@code queue.damaged}), its file is kept, and everything else goes on.
 *   <li>A file is never appended to again after a write or flush of it failed.
 *   <li>The index's lock is never held while a disk or the network is used.
 * </ul>
 *
 * <p>Threads: any; file work is done on the {@code base.PlatformPool}.
 *
 * <p>Start with {@link io.mailserver.queue.Change} and {@link io.mailserver.queue.QueueStore}.
 */
@NullMarked
package io.mailserver.queue;

import org.jspecify.annotations.NullMarked;
