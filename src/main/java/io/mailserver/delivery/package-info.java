/**
 * What happens to a message that a session has received: gather facts, decide, act. The life of a message between SMTP and the
 * mailbox is here and nowhere else.
 *
 * <p>Standards: RFC 5321 §4.4 (Return-Path, Received), §6.3 (loops), §7.2 (blind copies), RFC 6409 §4.3 and §6.1 (submission), RFC 3463
 * (status codes); for mail of strangers RFC 7208, 6376, 9989 and 8617 by their libraries, RFC 8601 (Authentication-Results), RFC 9990
 * (what a report needs).
 *
 * <p>Invariants: a positive answer means durable and visible in every mailbox; any other, visible in none. A message that several
 * mailboxes share names none of them. Deciding functions look at nothing but the facts they are given. A DNS that does not answer never
 * makes a pass. Of a message nothing is changed but what stands on top, and fields that pretend to be ours.
 *
 * <p>Threads: called by sessions' virtual threads, side by side; nothing here is locked. Checks run on the session's thread where all
 * DNS answers are kept, else side by side on threads of their own.
 *
 * <p>Start with {@link io.mailserver.delivery.Intake}; for judging with {@link io.mailserver.delivery.Judge} and
 * {@link io.mailserver.delivery.Policy}.
 */
@NullMarked
package io.mailserver.delivery;

import org.jspecify.annotations.NullMarked;
