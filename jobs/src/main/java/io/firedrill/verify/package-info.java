/** Proof: digests and definitions read back from the target and compared with the backup. */
@NullMarked
package io.firedrill.verify;

import org.jspecify.annotations.NullMarked;
