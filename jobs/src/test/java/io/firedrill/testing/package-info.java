@NullMarked
package io.firedrill.testing;

import org.jspecify.annotations.NullMarked;
