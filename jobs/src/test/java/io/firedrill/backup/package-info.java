@NullMarked
package io.firedrill.backup;

import org.jspecify.annotations.NullMarked;
