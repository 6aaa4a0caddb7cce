/** Spring Batch: one file a job, read top to bottom. The only room of this module that sees Spring. */
@NullMarked
package io.firedrill.job;

import org.jspecify.annotations.NullMarked;
