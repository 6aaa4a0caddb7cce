@NullMarked
package io.firedrill.archive;

import org.jspecify.annotations.NullMarked;
