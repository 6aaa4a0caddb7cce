@NullMarked
package io.firedrill.oplog;

import org.jspecify.annotations.NullMarked;
