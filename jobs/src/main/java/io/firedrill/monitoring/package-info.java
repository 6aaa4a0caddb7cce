/** What monitoring is told: gauges as Prometheus reads them, and notifications for people. */
@NullMarked
package io.firedrill.monitoring;

import org.jspecify.annotations.NullMarked;
