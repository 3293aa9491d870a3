/**
 * Durable writing and naming of Maildir files: {@code tmp}, flush, {@code new}, flush (DESIGN §5, §6). The layout is Maildir++ as
 * Dovecot and Courier read it; names carry exact sizes.
 *
 * <p>Invariants: what {@link io.mailserver.maildir.MaildirWriter#write} returned survives a power cut at any moment, with octets, name
 * and time, in every mailbox; what it refused is nowhere to be seen. A name is never given twice. Nothing here knows accounts, SMTP or
 * what the octets mean; all file work goes through {@code Path} and {@code FileChannel}, so that tests cut the power at every call.
 *
 * <p>Threads: called by virtual threads, works on the {@link io.mailserver.base.PlatformPool}; no two writers share a file, so there
 * is nothing to lock but the memory of folders seen to.
 *
 * <p>Start with {@link io.mailserver.maildir.MaildirWriter}.
 */
@NullMarked
package io.mailserver.maildir;

import org.jspecify.annotations.NullMarked;
