/**
 * MTA-STS: domains that say over HTTPS which servers take their mail and that these have TLS (RFC 8461).
 *
 * <p>Invariants: a policy that was fetched is kept until its end, whatever the DNS says meanwhile; what cannot be fetched or read changes
 * nothing (RFC 8461 §5.1). No redirect is followed, and no more than 64 KiB are read.
 *
 * <p>Policies live in a folder of files ({@link io.mailserver.mtasts.PolicyFolder}) and so survive a restart.
 *
 * <p>Threads: any.
 *
 * <p>Start with {@link io.mailserver.mtasts.MtaSts}.
 */
@NullMarked
package io.mailserver.mtasts;

import org.jspecify.annotations.NullMarked;
