/** Counters, gauges and histograms, and their Prometheus text. */
@NullMarked
package io.mailserver.metrics;

import org.jspecify.annotations.NullMarked;
