/** Who runs the jobs, and with what: settings, command line, wiring, exit codes. */
@NullMarked
package io.firedrill.runner;

import org.jspecify.annotations.NullMarked;
