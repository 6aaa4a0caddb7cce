package io.firedrill.migration;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.BsonDocument;

/**
 * What the tool wrote down of a run.
 *
 * @param state in the tool's word; empty where it has none
 * @param by the host or user that ran it; empty where the tool does not say
 * @param run what ran together with it: an execution id or a block
 * @param millis how long it took
 */
public record RecordedRow(String state, Optional<Instant> at, String by, String run, OptionalLong millis) {
    /** Of a row as Mongock and Flamingock write it, which call state and time differently and the rest alike. */
    static RecordedRow ofExecution(BsonDocument row, String state, Optional<Instant> at) {
        OptionalLong millis = Fields.number(row, "executionMillis");
        return new RecordedRow(
                state,
                at,
                Fields.text(row, "executionHostname"),
                Fields.text(row, "executionId"),
                millis.orElse(-1) < 0 ? OptionalLong.empty() : millis);
    }
}
