/** Tests of JMAP: methods in black boxes, HTTP over loopback. */
@NullMarked
package io.mailserver.jmap;

import org.jspecify.annotations.NullMarked;
