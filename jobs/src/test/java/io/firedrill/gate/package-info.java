@NullMarked
package io.firedrill.gate;

import org.jspecify.annotations.NullMarked;
