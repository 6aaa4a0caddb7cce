/** A mongod of our own, started for one run, closed to everybody else, and destroyed with whoever started it. */
@NullMarked
package io.firedrill.staging;

import org.jspecify.annotations.NullMarked;
