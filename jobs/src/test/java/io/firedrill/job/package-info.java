@NullMarked
package io.firedrill.job;

import org.jspecify.annotations.NullMarked;
