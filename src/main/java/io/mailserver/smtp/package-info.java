/** The words of SMTP: addresses, envelopes, commands, replies, and their parsers. No sockets, no configuration. */
@NullMarked
package io.mailserver.smtp;

import org.jspecify.annotations.NullMarked;
