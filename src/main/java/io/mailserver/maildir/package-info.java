/**
 * Durable writing and naming of Maildir files: {@code tmp}, flush, {@code new}, flush (DESIGN §5, §6); folders, listings
 * and the files that other programs keep beside messages. The layout is Maildir++ as Dovecot writes it, folder names in modified UTF-7
 * (RFC 3501 §5.1.3); names of messages carry exact sizes, UIDs and flags.
 *
 * <p>Invariants: what {@link io.mailserver.maildir.MaildirWriter#write} returned survives a power cut at any moment, with octets, name
 * and time, in every mailbox; what it refused is nowhere to be seen. A name is never given twice. Nothing here knows accounts, SMTP or
 * what the octets mean; all file work goes through {@code Path} and {@code FileChannel}, so that tests cut the power at every call.
 *
 * <p>Threads: called by virtual threads, works on the {@link io.mailserver.base.PlatformPool}; no two writers share a file, so there
 * is nothing to lock but the memory of folders seen to.
 *
 * <p>Start with {@link io.mailserver.maildir.MaildirWriter} and {@link io.mailserver.maildir.MaildirName}.
 */
@NullMarked
package io.mailserver.maildir;

import org.jspecify.annotations.NullMarked;
