/** Named log events, console lines, protocol traces. */
@NullMarked
package io.mailserver.log;

import org.jspecify.annotations.NullMarked;
