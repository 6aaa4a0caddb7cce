/** What a run did and how long it took: clocks, phases, checks, the record in the ledger and the report people read. */
@NullMarked
package io.firedrill.evidence;

import org.jspecify.annotations.NullMarked;
