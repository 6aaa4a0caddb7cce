package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A checkpoint as somebody kept it outside the store: what shows that records were cut off or rewritten since.
 *
 * @param origin where it was kept
 */
public record KeptCheckpoint(String origin, long size, String root) {
    private static final Pattern COPY = Pattern.compile("(\\d{1,12})(?::| )([0-9a-f]{64})(?: ledger (\\S+))?");

    /**
     * Reads what people keep: "17:ROOT", the lines a run prints, a log with such lines in it, a report's page, or the
     * checkpoint's own object. Lines of other ledgers are passed over.
     */
    public static List<KeptCheckpoint> parse(String text, String origin, String ledgerId) {
        if (text.startsWith("{\"payloadType\"")) {
            Checkpoint checkpoint = Checkpoint.read(origin, text.getBytes(StandardCharsets.UTF_8));
            return List.of(new KeptCheckpoint(origin, checkpoint.size(), checkpoint.root()));
        }
        List<MatchResult> found = COPY.matcher(text).results().toList();
        if (found.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s holds no checkpoint".formatted(origin),
                    "Give SIZE:ROOT as a run prints it, or a file that holds such lines or a checkpoint's object.");
        }
        return found.stream()
                .filter(copy -> copy.group(3) == null || copy.group(3).equals(ledgerId))
                .map(copy -> new KeptCheckpoint(origin, Long.parseLong(copy.group(1)), copy.group(2)))
                .toList();
    }

    static KeptCheckpoint of(Checkpoint checkpoint, String origin) {
        return new KeptCheckpoint(origin, checkpoint.size(), checkpoint.root());
    }
}
