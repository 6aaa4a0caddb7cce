/** The preflight: looks at deployments, at a store and at what we may do there, and says what a run would stumble over. */
@NullMarked
package io.firedrill.doctor;

import org.jspecify.annotations.NullMarked;
