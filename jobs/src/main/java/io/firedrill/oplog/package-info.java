/** The oplog: captured with a backup, replayed strictly in a restore. */
@NullMarked
package io.firedrill.oplog;

import org.jspecify.annotations.NullMarked;
