/**
 * Counters, gauges and durations of one server, and their text for Prometheus.
 *
 * <p>Packages below the front doors count by themselves ({@code LongAdder} in a statistics class of their own); {@code app} joins
 * those to names here, and they are read only when somebody asks. So counting costs next to nothing on the way of a message.
 *
 * <p>Invariants: no static registry, so that several servers live in one process; names are a contract with operators and follow
 * Prometheus' conventions ({@code mailserver_} first, base units, {@code _total} for counters).
 *
 * <p>Start with {@link io.mailserver.metrics.Metrics}.
 */
@NullMarked
package io.mailserver.metrics;

import org.jspecify.annotations.NullMarked;
