/**
 * The Authentication-Results field: writing ours, reading anybody's, finding those that pretend to be ours (RFC 8601).
 *
 * <p>Invariants: what we write holds no octet that could end the field, start another or be taken for a further result, whatever a
 * sender put into names and addresses; a field that cannot be read but names our id is still found as an impostor.
 *
 * <p>Threads: values. Start with {@link io.mailserver.authres.AuthenticationResults}.
 */
@NullMarked
package io.mailserver.authres;

import org.jspecify.annotations.NullMarked;
