@NullMarked
package io.firedrill.staging;

import org.jspecify.annotations.NullMarked;
