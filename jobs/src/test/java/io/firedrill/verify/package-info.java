@NullMarked
package io.firedrill.verify;

import org.jspecify.annotations.NullMarked;
