/**
 * What every other package stands on: time, domain names, message octets, and errors an operator can act on.
 *
 * <p>Invariants: nothing here does network input or output, keeps static state, or knows a protocol. {@link io.mailserver.base.Time}
 * is the only clock of the product: nothing else calls {@code System.currentTimeMillis}, {@code Instant.now()} or
 * {@code System.nanoTime}.
 *
 * <p>Start with {@link io.mailserver.base.Time} and {@link io.mailserver.base.Content}.
 */
@NullMarked
package io.mailserver.base;

import org.jspecify.annotations.NullMarked;
