/** Wires everything; owns start and stop. */
@NullMarked
package io.mailserver.app;

import org.jspecify.annotations.NullMarked;
