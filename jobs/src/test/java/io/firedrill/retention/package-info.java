@NullMarked
package io.firedrill.retention;

import org.jspecify.annotations.NullMarked;
