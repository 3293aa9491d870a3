/**
 * What happens to a message that a session has received: gather facts, decide, act. The life of a message between SMTP and the
 * mailbox is here and nowhere else.
 *
 * <p>Standards: RFC 5321 §4.4 (Return-Path, Received), §6.3 (loops), §7.2 (blind copies), RFC 6409 §4.3 and §6.1 (submission), RFC 3463
 * (status codes).
 *
 * <p>Invariants: a positive answer means durable and visible in every mailbox; any other, visible in none. A message that several
 * mailboxes share names none of them. Deciding functions look at nothing but the facts they are given.
 *
 * <p>Threads: called by sessions' virtual threads, side by side; nothing here is locked.
 *
 * <p>Start with {@link io.mailserver.delivery.Intake}.
 */
@NullMarked
package io.mailserver.delivery;

import org.jspecify.annotations.NullMarked;
