/** The simulated world for tests: a clock moved by hand, a disk that fails, whole servers in a few lines, dialogues. */
@NullMarked
package io.mailserver.simulation;

import org.jspecify.annotations.NullMarked;
