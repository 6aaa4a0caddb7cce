package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a section of the readiness file is done: what state each of its tasks was in, and what it was proven by.
 *
 * @param role in which somebody says so
 * @param ownReason why they may, although a task of it is theirs; empty where none is
 */
public record SignOff(
        PlanDigest plan,
        String section,
        List<OfTask> tasks,
        String approver,
        String role,
        String comment,
        String ownReason)
        implements Declaration {
    public SignOff {
        tasks = List.copyOf(tasks);
    }

    /** One task of the section, as it stood, and the two who answer for it. */
    public record OfTask(String id, String state, String owner, String backupOwner, List<Proof> evidence) {
        public OfTask {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * Fails if the approver is one of the two owners of one of the tasks and does not say why that may be, or holds a key of the ledger.
     *
     * @param ledgerKeys the ids of the keys that have signed the ledger itself
     */
    public void requireFourEyes(SigningKey key, Set<String> ledgerKeys) {
        requireFourEyes(
                approver,
                tasks.stream()
                        .flatMap(task -> Stream.of(task.owner(), task.backupOwner()))
                        .toList(),
                ownReason,
                ledgerKeys.contains(key.id()),
                section);
    }

    static void requireFourEyes(
            String approver, List<String> owners, String ownReason, boolean ledgersKey, String what) {
        boolean own = ownReason.isEmpty() && owners.stream().anyMatch(owner -> Approval.isSame(owner, approver));
        if (own || ledgersKey) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    own
                            ? "%s owns what is to be judged in '%s'".formatted(approver, what)
                            : "the key given signs the ledger itself",
                    "It is for somebody else to say, with a key of their own: --as says who, --key which."
                            + " Where nobody else can, --own-reason says why.");
        }
    }

    @Override
    public EntryKind kind() {
        return EntryKind.SIGN_OFF;
    }

    @Override
    public ObjectNode predicate(String time) {
        ObjectNode json = Json.object().put("kind", kind().word());
        json.putObject("verifier").put("id", approver).put("role", role);
        json.put("timeCreated", time);
        json.putArray("properties").add("FIREDRILL_SECTION_SIGNED_OFF");
        json.put("comment", comment).put("ownReason", ownReason);
        plan.put(json);
        json.put("section", section);
        ArrayNode stated = json.putArray("tasks");
        ArrayNode records = json.putArray("records");
        for (OfTask task : tasks) {
            put(stated.addObject(), task);
            task.evidence().stream()
                    .filter(Proof::isRecord)
                    .forEach(proof -> records.addObject()
                            .put("key", proof.name())
                            .put("seq", proof.seq())
                            .put("sha256", proof.sha256()));
        }
        return json;
    }

    private static void put(ObjectNode json, OfTask task) {
        json.put("id", task.id())
                .put("state", task.state())
                .put("owner", task.owner())
                .put("backupOwner", task.backupOwner());
        ArrayNode evidence = json.putArray("evidence");
        task.evidence()
                .forEach(proof -> evidence.addObject()
                        .put("selector", proof.selector())
                        .put("name", proof.name())
                        .put("sha256", proof.sha256())
                        .put("seq", proof.seq()));
    }

    /** Reads it back; the entry has to be of this kind. */
    public static SignOff of(LedgerEntry entry) {
        List<OfTask> tasks = entry.predicate()
                .path("tasks")
                .valueStream()
                .map(task -> new OfTask(
                        task.path("id").asString(""),
                        task.path("state").asString(""),
                        task.path("owner").asString(""),
                        task.path("backupOwner").asString(""),
                        task.path("evidence")
                                .valueStream()
                                .map(proof -> new Proof(
                                        proof.path("selector").asString(""),
                                        proof.path("name").asString(""),
                                        proof.path("sha256").asString(""),
                                        proof.path("seq").asLong(0)))
                                .toList()))
                .toList();
        return new SignOff(
                PlanDigest.of(entry),
                entry.text("/section"),
                tasks,
                entry.text("/verifier/id"),
                entry.text("/verifier/role"),
                entry.text("/comment"),
                entry.text("/ownReason"));
    }
}
