/**
 * The project's own measuring: load, comparison with Debian's Postfix, footprint, and the books that tell whether accepted mail was
 * lost or doubled. Not part of the product.
 *
 * <p>Start at {@link io.mailserver.bench.Bench}. The client ({@link io.mailserver.bench.SmtpLoad}) shares the machine with the server
 * it measures, so it is plain: one platform thread a session, blocking sockets, messages made once and numbered in place. Each message
 * carries its number in its Message-ID; {@link io.mailserver.bench.Ledger} holds what was answered,
 * {@link io.mailserver.bench.Census} what lies in the Maildirs, and after every cell the two must agree.
 *
 * <p>Everything runs on loopback and in a folder of its own; processes are ended by the id under which they were started.
 */
@NullMarked
package io.mailserver.bench;

import org.jspecify.annotations.NullMarked;
