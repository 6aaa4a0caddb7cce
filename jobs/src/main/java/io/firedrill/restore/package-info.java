/** Restoring into staging: guard, marker, collections, verified load, indexes, clean-up. */
@NullMarked
package io.firedrill.restore;

import org.jspecify.annotations.NullMarked;
