/** Durable writing and naming of Maildir files. */
@NullMarked
package io.mailserver.maildir;

import org.jspecify.annotations.NullMarked;
