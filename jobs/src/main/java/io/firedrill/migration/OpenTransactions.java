package io.firedrill.migration;

import io.firedrill.migration.WriteCommand.Attempt;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was written in the transactions whose end has not come: a tool has some of its own, with its bookkeeping in them. One a
 * session.
 */
final class OpenTransactions {
    private final Map<String, Content> contents = new HashMap<>();

    private record Content(long number, WriteKind kind) {}

    /** What a write is, where its collections alone do not say it. */
    WriteKind kindOf(WriteCommand write, WriteKind byCollection) {
        if (!write.inTransaction() || write.attempt().isEmpty()) {
            return byCollection;
        }
        Attempt attempt = write.attempt().get();
        @Nullable Content content = contents.get(attempt.session());
        WriteKind before = content == null || content.number() != attempt.number() ? WriteKind.BOOKS : content.kind();
        if (write.verb().endsTransaction()) {
            return before;
        }
        WriteKind all = before.compareTo(byCollection) < 0 ? before : byCollection;
        contents.put(attempt.session(), new Content(attempt.number(), all));
        return byCollection;
    }
}
