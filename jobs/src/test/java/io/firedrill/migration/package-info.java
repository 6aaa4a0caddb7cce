@NullMarked
package io.firedrill.migration;

import org.jspecify.annotations.NullMarked;
