package io.firedrill.evidence;

import io.firedrill.evidence.LedgerVerification.SeenCheckpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds each checkpoint against the records it covers.
 *
 * <p>The signatures that are verified are the newest checkpoint's and those on either side of a change of signer: the digest
 * of each other one stands in its successor, so not a byte of it can be other than what was signed there.
 */
final class CheckpointCheck {
    private final LedgerFiles files;
    private final Map<Long, SeenEntry> entries;
    private final Map<Long, SeenCheckpoint> sealed;
    private final Tally tally;
    private final Map<String, VerifyingKey> published;
    private final List<String> notes;
    private final Set<String> signers = new HashSet<>();
    private boolean incomparable;

    CheckpointCheck(
            LedgerFiles files,
            Map<Long, SeenEntry> entries,
            Map<Long, SeenCheckpoint> sealed,
            Tally tally,
            Map<String, VerifyingKey> published,
            List<String> notes) {
        this.files = files;
        this.entries = entries;
        this.sealed = sealed;
        this.tally = tally;
        this.published = published;
        this.notes = notes;
    }

    /** The keys of the ledger itself whose signatures of checkpoints were verified. */
    Set<String> signers() {
        return signers;
    }

    /** Looks at the checkpoint over the records that were walked. */
    void look(long seq, long size, LedgerWalk walked, String keyBefore) {
        @Nullable SeenCheckpoint seen = sealed.get(seq);
        if (seen != null) {
            String problem = problem(seen, walked, keyBefore);
            tally.judge(problem.isEmpty(), seen.object(), problem);
        } else if (seq == size) {
            notes.add("record %d has no checkpoint: its run died before it could write one or is about to, and the next"
                            .formatted(seq)
                    + " run writes it");
        } else {
            tally.fault(files.checkpoint(seq).value(), "is missing");
        }
    }

    /** Checkpoints that speak of more records than there are. */
    void beyond(long size) {
        sealed.values().stream()
                .filter(seen -> seen.size() > size || seen.size() < 1)
                .forEach(seen -> tally.extra(
                        seen.object(), "covers records that are not there: the newest one is %d".formatted(size)));
    }

    private String problem(SeenCheckpoint seen, LedgerWalk walked, String keyBefore) {
        if (seen.checkpoint().isEmpty()) {
            return seen.problem();
        }
        Checkpoint checkpoint = seen.checkpoint().get();
        @Nullable SeenEntry entry = entries.get(seen.size());
        @Nullable SeenCheckpoint before = sealed.get(seen.size() - 1);
        if (checkpoint.size() != seen.size() || !checkpoint.ledgerId().equals(files.ledgerId())) {
            return "says it is checkpoint %d of ledger %s".formatted(checkpoint.size(), checkpoint.ledgerId());
        }
        if (!checkpoint.prev().equals(before == null ? "" : before.sha256())) {
            return "names another checkpoint before it than the one there is";
        }
        if (walked.root().isEmpty()) {
            String first = incomparable ? "" : ", since a record up to there is missing or broken";
            incomparable = true;
            return "cannot be compared" + first;
        }
        if (!checkpoint.root().equals(walked.root().get())
                || entry == null
                || !checkpoint.head().equals(entry.sha256())) {
            return "has another root than the records that are there";
        }
        return signer(checkpoint, entry, walked, keyBefore);
    }

    private String signer(Checkpoint checkpoint, SeenEntry entry, LedgerWalk walked, String keyBefore) {
        String keyId = checkpoint.envelope().keyId();
        @Nullable SeenEntry next = entries.get(checkpoint.size() + 1);
        boolean approver = (entry.isPersonal() && entry.keyId().equals(keyId))
                || (next != null && next.isPersonal() && next.keyId().equals(keyId));
        boolean own = keyId.equals(walked.keyInForce()) || keyId.equals(keyBefore) || approver;
        if (!own || !checkpoint.keyInForce().equals(walked.keyInForce())) {
            return "is signed with the key %s, or names the key %s, and the ledger's is %s"
                    .formatted(keyId, checkpoint.keyInForce(), walked.keyInForce());
        }
        if (isOneOfMany(checkpoint.size(), keyId)) {
            return "";
        }
        String problem = SeenEntry.signature(checkpoint.envelope(), published);
        if (problem.isEmpty() && !approver) {
            signers.add(keyId);
        }
        return problem;
    }

    private boolean isOneOfMany(long size, String keyId) {
        return isSigner(size - 1, keyId) && isSigner(size + 1, keyId);
    }

    private boolean isSigner(long size, String keyId) {
        @Nullable SeenCheckpoint seen = sealed.get(size);
        return seen != null
                && seen.checkpoint()
                        .filter(other -> other.envelope().keyId().equals(keyId))
                        .isPresent();
    }
}
