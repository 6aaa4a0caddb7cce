@NullMarked
package io.firedrill;

import org.jspecify.annotations.NullMarked;
