/**
 * Wires everything; owns start and stop, the data lock, signals, the rights of root, and the program as a service of the machine.
 *
 * <p>Invariants: one process owns a data folder ({@link io.mailserver.app.DataLock}). After root was given up no thread has any of it
 * back ({@link io.mailserver.app.Privileges}). What a first start shows only once comes after everything that can fail on the machine.
 * A start that fails closes what it opened; a stop closes in reverse order and within 10 s, the lock last. A reload changes everything
 * or nothing.
 *
 * <p>Threads: the main thread starts, waits and stops; signals come on threads of the JVM; everything else brings its own.
 *
 * <p>Start with {@link io.mailserver.app.Startup} and {@link io.mailserver.app.Server}; {@link io.mailserver.app.Program} is what the
 * command line can ask for, {@link io.mailserver.app.MiniSmtp} the small server without configuration.
 */
@NullMarked
package io.mailserver.app;

import org.jspecify.annotations.NullMarked;
