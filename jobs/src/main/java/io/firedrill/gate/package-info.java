/** Reports that build tools write (tests, coverage, findings): read, counted, and held against what a gate demands. */
@NullMarked
package io.firedrill.gate;

import org.jspecify.annotations.NullMarked;
