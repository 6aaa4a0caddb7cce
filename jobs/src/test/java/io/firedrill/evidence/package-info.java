@NullMarked
package io.firedrill.evidence;

import org.jspecify.annotations.NullMarked;
