@NullMarked
package io.firedrill.runner;

import org.jspecify.annotations.NullMarked;
