/**
 * What operators can ask for, by name ({@link io.mailserver.admin.Operations}), and the doors to it: the control socket that commands
 * use, and the loopback HTTP endpoints for machines that watch the server.
 *
 * <p>Invariants: a refusal is an answer with a reason and a hint, never a stack trace. The control socket answers only the server's own
 * user and root. Passwords come in arguments, over that socket or within one process, and are never logged. Requests are bounded in
 * size, depth and time.
 *
 * <p>Threads: one virtual thread per connection of the control socket; operations may run side by side.
 *
 * <p>Start with {@link io.mailserver.admin.Operations}; each family of operations is a file of its own.
 */
@NullMarked
package io.mailserver.admin;

import org.jspecify.annotations.NullMarked;
