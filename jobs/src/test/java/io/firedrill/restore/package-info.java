@NullMarked
package io.firedrill.restore;

import org.jspecify.annotations.NullMarked;
