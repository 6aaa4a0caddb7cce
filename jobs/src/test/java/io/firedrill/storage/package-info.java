@NullMarked
package io.firedrill.storage;

import org.jspecify.annotations.NullMarked;
