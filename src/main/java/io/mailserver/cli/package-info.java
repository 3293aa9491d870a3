/** The command line. */
@NullMarked
package io.mailserver.cli;

import org.jspecify.annotations.NullMarked;
