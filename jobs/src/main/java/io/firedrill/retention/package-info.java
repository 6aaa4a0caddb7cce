/** Retention: what stays and what goes, and how it goes without taking along what another backup needs. */
@NullMarked
package io.firedrill.retention;

import org.jspecify.annotations.NullMarked;
