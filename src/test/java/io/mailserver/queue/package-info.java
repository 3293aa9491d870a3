/** Tests of the queue; its crash tests run on {@code simulation.SimulatedDisk}. */
@NullMarked
package io.mailserver.queue;

import org.jspecify.annotations.NullMarked;
