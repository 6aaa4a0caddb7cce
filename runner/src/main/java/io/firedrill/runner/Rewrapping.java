package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.KeyRing;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.StepRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rotation of keys: the few bytes that hold a data key are wrapped anew, segments stay as they are. */
final class Rewrapping {
    private final RunContext context;
    private final Workspace workspace;
    private final BackupCatalog catalog;
    private final KeyRing ring;
    private final List<String> rewrapped = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private int dropped;

    Rewrapping(RunContext context, Workspace workspace) {
        this.context = context;
        this.workspace = workspace;
        this.catalog = workspace.catalog();
        this.ring = catalog.keys();
    }

    KeysResult run(KeysRequest request) {
        if (!request.rewrap()) {
            return result(request, "");
        }
        requireRecipients();
        if (request.dryRun()) {
            ring.list().stream()
                    .map(KeyRing.Known::id)
                    .filter(ring::needsRewrap)
                    .forEach(rewrapped::add);
            return result(request, "");
        }
        var recorded = new RecordedRun(context, workspace, RunKind.REWRAP);
        // The lease of a backup: a key that it makes meanwhile would be missed.
        RunRecord record =
                recorded.execute(() -> "backup-" + catalog.source(), Optional::empty, run -> rewrap(request, run));
        return result(request, record.key());
    }

    private void rewrap(KeysRequest request, StepRun run) {
        for (KeyRing.Known key : ring.list()) {
            run.checkpoint();
            if (ring.rewrap(key.id())) {
                rewrapped.add(key.id());
            }
            if (request.dropOlder()) {
                drop(key.id());
            }
        }
        run.log()
                .note(
                        "rewrapped",
                        "%d of %d keys".formatted(rewrapped.size(), ring.list().size()));
        run.log().note("dropped", "%d older generations, %d refused".formatted(dropped, refused.size()));
    }

    private void drop(String id) {
        try {
            dropped += ring.dropOlder(id);
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.ACCESS_DENIED) {
                throw failure;
            }
            refused.add(failure.text());
        }
    }

    private void requireRecipients() {
        if (workspace.settings().recipients().isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "recipients are not set",
                    "Set " + Setting.RECIPIENTS.waysToGive()
                            + ": the keys will be wrapped for them and for nobody else.");
        }
    }

    private KeysResult result(KeysRequest request, String record) {
        return new KeysResult(
                catalog.source(),
                ring.list().stream()
                        .map(key -> new KeysResult.Key(key.id(), key.generation(), key.recipients()))
                        .toList(),
                rewrapped,
                dropped,
                refused,
                request.dryRun(),
                record);
    }
}
