@NullMarked
package io.firedrill.mongo;

import org.jspecify.annotations.NullMarked;
