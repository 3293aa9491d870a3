/**
 * The command line: words become operations, answers become lines. It knows neither server nor data folder: whoever wires the program
 * gives it an {@link io.mailserver.cli.Application} and a {@link io.mailserver.cli.Terminal}.
 *
 * <p>Invariants: a password is never an argument. What goes wrong is one line on standard error with a hint below; exit codes are 0 done,
 * 1 refused or failed, 2 not understood. With {@code --json} standard output holds data and nothing else.
 *
 * <p>Threads: one.
 *
 * <p>Start with {@link io.mailserver.cli.Cli}.
 */
@NullMarked
package io.mailserver.cli;

import org.jspecify.annotations.NullMarked;
