package io.firedrill.readiness;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.BackupProof;
import io.firedrill.evidence.EntryKind;
import io.firedrill.evidence.GateResult;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.Proof;
import io.firedrill.evidence.Publication;
import io.firedrill.evidence.RunTrace;
import io.firedrill.evidence.SignOff;
import io.firedrill.evidence.Waiver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** What a ledger has to say, once it was verified: nothing of one in which a single thing is not as it should be. */
public final class LedgerFacts {
    private final String problem;
    private final List<SeenRun> runs = new ArrayList<>();
    private final Approvals approvals = new Approvals();
    private final Map<String, Signed> signOffs = new HashMap<>();
    private final Map<String, Waived> waivers = new HashMap<>();
    private final Map<String, Gated> gates = new HashMap<>();
    private final Map<String, BackupProof> proofs = new HashMap<>();
    private final Set<String> ledgerKeys = new HashSet<>();
    private Optional<Published> published = Optional.empty();

    /** A sign-off and when it was said. */
    record Signed(SignOff said, Instant at) {}

    /** A waiver and its record. */
    record Waived(Waiver said, Proof proof) {}

    /** What a gate came to last, and its record. */
    record Gated(GateResult said, Proof proof) {
        /** By when it was measured: an older report that was imported later is not the newest word. */
        Gated newer(Gated later) {
            return later.said.measuredAt().isBefore(said.measuredAt()) ? this : later;
        }
    }

    /** The last status update, and when it was given out. */
    public record Published(Publication said, Instant at) {}

    /** What is kept of a record while the others are read: of a run what selectors ask for, of the few others all of it. */
    private record Kept(
            boolean personal,
            String keyId,
            Optional<SeenRun> run,
            Optional<RunTrace> judge,
            Optional<LedgerEntry> said) {
        static Kept of(LedgerEntry entry) {
            return new Kept(
                    entry.kind().isPersonal(),
                    entry.keyId(),
                    entry.run().flatMap(SeenRun::of),
                    entry.run().flatMap(RunTrace::read).filter(RunTrace::judgesBackup),
                    entry.kind() == EntryKind.RUN ? Optional.empty() : Optional.of(entry));
        }
    }

    private LedgerFacts(String problem) {
        this.problem = problem;
    }

    /** Verifies a ledger by what the verification was told to trust, and keeps what it reads on the way: it reads once. */
    public static LedgerFacts read(LedgerVerification verification) {
        var kept = new ConcurrentSkipListMap<Long, Kept>();
        LedgerVerdict verdict = verification
                .telling(entry -> kept.put(entry.seq(), Kept.of(entry)))
                .verify();
        var facts = new LedgerFacts(verdict.isSound() ? "" : problem(verdict));
        if (verdict.isSound()) {
            kept.values().forEach(facts::add);
        }
        return facts;
    }

    private static String problem(LedgerVerdict verdict) {
        return verdict.areas().stream()
                .flatMap(area -> area.faults().stream())
                .findFirst()
                .map(fault -> "the ledger %s is not whole: %s %s"
                        .formatted(verdict.ledger(), fault.object(), fault.problem()))
                .orElse("the ledger %s is not whole".formatted(verdict.ledger()));
    }

    private void add(Kept kept) {
        if (!kept.personal()) {
            ledgerKeys.add(kept.keyId());
        }
        kept.run().ifPresent(runs::add);
        kept.judge()
                .ifPresent(run ->
                        proofs.put(run.backupId(), proofOf(run.backupId()).then(run)));
        kept.said().ifPresent(this::add);
    }

    /** The newest word about a section or a task is the one that counts. */
    private void add(LedgerEntry entry) {
        approvals.add(entry);
        switch (entry.kind()) {
            case SIGN_OFF -> {
                SignOff said = SignOff.of(entry);
                signOffs.put(said.section(), new Signed(said, entry.at()));
            }
            case WAIVER -> {
                Waiver said = Waiver.of(entry);
                var proof = new Proof("waiver", entry.key(), entry.sha256(), entry.seq());
                waivers.put(said.task(), new Waived(said, proof));
            }
            case PUBLICATION -> published = Optional.of(new Published(Publication.of(entry), entry.at()));
            case GATE -> {
                GateResult said = GateResult.of(entry);
                var proof = new Proof("gate", entry.key(), entry.sha256(), entry.seq());
                gates.merge(said.gate(), new Gated(said, proof), Gated::newer);
            }
            case RUN, KEY_CHANGE, APPROVAL -> {}
        }
    }

    /** Why nothing of this ledger counts; empty if it does. */
    public String problem() {
        return problem;
    }

    /** The ids of the keys that sign, or once signed, the ledger itself. */
    public Set<String> ledgerKeys() {
        return Set.copyOf(ledgerKeys);
    }

    public Optional<Published> published() {
        return published;
    }

    /** Newest first. */
    Stream<SeenRun> runs() {
        return runs.reversed().stream();
    }

    /** What is known of whether a backup comes back. */
    BackupProof proofOf(String backupId) {
        return proofs.getOrDefault(backupId, BackupProof.NONE);
    }

    List<Approvals.Said> saidOf(SeenRun run) {
        return approvals.of(run.seq());
    }

    /** Who rejected a run; one rejection outweighs any approval. */
    Optional<Approvals.Said> rejection(SeenRun run) {
        return saidOf(run).stream().filter(word -> !word.approved()).findFirst();
    }

    Optional<Signed> signOff(String section) {
        return Optional.ofNullable(signOffs.get(section));
    }

    Optional<Gated> gate(String name) {
        return Optional.ofNullable(gates.get(name));
    }

    Optional<Waived> waiver(String task) {
        return Optional.ofNullable(waivers.get(task));
    }
}
