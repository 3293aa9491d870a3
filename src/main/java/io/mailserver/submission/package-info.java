/**
 * What a message of our own users gets before it goes anywhere: the fields it lacks, its blind copies hidden, a signature.
 *
 * <p>Standards: RFC 6409 §8 (fix-ups), RFC 5322 §3.6 (which fields a message must have), RFC 6376 (DKIM).
 *
 * <p>Invariants: nothing of a message changes but its header, and there nothing but Bcc, which goes, and fields that were missing. No
 * recipient learns of a blind copy.
 *
 * <p>Threads: any; nothing is locked.
 *
 * <p>Start with {@link io.mailserver.submission.FixUps}.
 */
@NullMarked
package io.mailserver.submission;

import org.jspecify.annotations.NullMarked;
