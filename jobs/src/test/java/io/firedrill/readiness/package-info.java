@NullMarked
package io.firedrill.readiness;

import org.jspecify.annotations.NullMarked;
