/**
 * Where the server says what happens: named log events for people or as JSON, and protocol traces.
 *
 * <p>Invariants: writing a log line never blocks on its reader, never throws, and never writes a secret or a message body. No input
 * can end a line or start another: controls are escaped. Event names are listed in {@code docs/testing-and-debugging.md}; a test
 * compares.
 *
 * <p>Threads: any thread logs; one daemon thread a log writes. {@link io.mailserver.log.LogContext} adds session and message ids.
 *
 * <p>Start with {@link io.mailserver.log.EventLog} and {@link io.mailserver.log.LogFormat#open}.
 */
@NullMarked
package io.mailserver.log;

import org.jspecify.annotations.NullMarked;
