/** The SMTP session. */
@NullMarked
package io.mailserver.smtpserver;

import org.jspecify.annotations.NullMarked;
