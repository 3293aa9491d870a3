/**
 * Authenticated Received Chain: what handlers of a message on its way found and sealed (RFC 8617).
 *
 * <p>{@link io.mailserver.arc.ArcVerifier} judges a chain, {@link io.mailserver.arc.ArcSealer} adds to it;
 * {@link io.mailserver.arc.ArcChain} is the chain as it was read. Keys, canonicalization and body hashes are those of package
 * {@code dkim}, so that one pass over the body serves both.
 *
 * <p>Invariants: every error is a failure of the chain, DNS failures too (RFC 8617 §5.2.1); a failed chain says nothing and is never
 * continued but by a seal that says so.
 *
 * <p>Threads: services without state, values. Start with {@link io.mailserver.arc.ArcVerifier}.
 */
@NullMarked
package io.mailserver.arc;

import org.jspecify.annotations.NullMarked;
