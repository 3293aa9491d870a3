/**
 * Programs of others against this server: clients that send (swaks, curl, openssl, Python's smtplib), readers of the Maildir (mutt,
 * Dovecot). Each test needs its program and says so where it is missing; {@code ./dev test --all} installs them. Everything runs on
 * free loopback ports and in temporary folders and ends with its test.
 */
@NullMarked
package io.mailserver.peer;

import org.jspecify.annotations.NullMarked;
