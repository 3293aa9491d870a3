/** Tests of MTA-STS; the disk below is {@code simulation.SimulatedDisk}. */
@NullMarked
package io.mailserver.mtasts;

import org.jspecify.annotations.NullMarked;
