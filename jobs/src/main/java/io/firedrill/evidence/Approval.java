package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * What somebody other than its operator thinks of a run.
 *
 * @param role in which they say so: "data owner", "auditor"
 */
public record Approval(LedgerEntry record, boolean approved, String approver, String role, String comment)
        implements Declaration {
    /** Fails if the approver is the run's operator, or holds the key that signed it: two eyes are not four. */
    public void requireFourEyes(SigningKey key) {
        if (record.kind() != EntryKind.RUN) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "record %d is no run but a %s".formatted(record.seq(), record.word()),
                    "Only runs are approved: choose one that 'firedrill evidence list' shows.");
        }
        boolean self = isSame(approver, record.operator());
        if (self || key.id().equals(record.keyId())) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    self
                            ? "%s was the operator of run %d".formatted(approver, record.seq())
                            : "run %d was signed with this very key".formatted(record.seq()),
                    "A run is approved by somebody else, with a key of their own: --operator says who, --key which.");
        }
    }

    static boolean isSame(String one, String other) {
        return one.strip().toLowerCase(Locale.ROOT).equals(other.strip().toLowerCase(Locale.ROOT));
    }

    @Override
    public EntryKind kind() {
        return EntryKind.APPROVAL;
    }

    /** In the style of in-toto's Simple Verification Result. */
    @Override
    public ObjectNode predicate(String time) {
        ObjectNode json = Json.object().put("kind", EntryKind.APPROVAL.word());
        json.putObject("verifier").put("id", approver).put("role", role);
        json.put("timeCreated", time);
        json.putArray("properties").add(approved ? "FIREDRILL_RUN_APPROVED" : "FIREDRILL_RUN_REJECTED");
        json.put("decision", approved ? "approved" : "rejected").put("comment", comment);
        json.putObject("record")
                .put("key", record.key())
                .put("seq", record.seq())
                .put("recordId", record.recordId())
                .put("sha256", record.sha256());
        return json;
    }
}
