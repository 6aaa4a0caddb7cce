@NullMarked
package io.firedrill.monitoring;

import org.jspecify.annotations.NullMarked;
