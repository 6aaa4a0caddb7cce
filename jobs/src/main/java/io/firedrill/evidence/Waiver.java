package io.firedrill.evidence;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a task of the readiness file may be open for a while, and why.
 *
 * @param taskSha256 the digest of the task as the file had it: of another task by the same name nothing was said
 * @param owner of the task, and {@code backupOwner} who answers for it while the owner is away
 * @param until the last day, in UTC, on which this counts
 * @param ownReason why one of the two may say so of a task of their own; empty where somebody else does
 */
public record Waiver(
        PlanDigest plan,
        String task,
        String taskSha256,
        String owner,
        String backupOwner,
        String reason,
        LocalDate until,
        String approver,
        String role,
        String ownReason)
        implements Declaration {
    /** The same rule as for a sign-off. */
    public void requireFourEyes(SigningKey key, Set<String> ledgerKeys) {
        SignOff.requireFourEyes(approver, List.of(owner, backupOwner), ownReason, ledgerKeys.contains(key.id()), task);
    }

    @Override
    public EntryKind kind() {
        return EntryKind.WAIVER;
    }

    @Override
    public ObjectNode predicate(String time) {
        ObjectNode json = Json.object().put("kind", kind().word());
        json.putObject("verifier").put("id", approver).put("role", role);
        json.put("timeCreated", time);
        json.putArray("properties").add("FIREDRILL_TASK_WAIVED");
        json.put("reason", reason).put("ownReason", ownReason).put("until", until.toString());
        plan.put(json);
        json.putObject("task")
                .put("id", task)
                .put("owner", owner)
                .put("backupOwner", backupOwner)
                .put("sha256", taskSha256);
        return json;
    }

    /** Reads it back; the entry has to be of this kind. */
    public static Waiver of(LedgerEntry entry) {
        return new Waiver(
                PlanDigest.of(entry),
                entry.text("/task/id"),
                entry.text("/task/sha256"),
                entry.text("/task/owner"),
                entry.text("/task/backupOwner"),
                entry.text("/reason"),
                LocalDate.parse(entry.text("/until")),
                entry.text("/verifier/id"),
                entry.text("/verifier/role"),
                entry.text("/ownReason"));
    }
}
