package io.firedrill.readiness;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.Proof;
import io.firedrill.evidence.Publication;
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
import java.util.stream.Stream;

/** What a ledger has to say, once it was verified: nothing of one in which a single thing is not as it should be. */
public final class LedgerFacts {
    private final String problem;
    private final List<SeenRun> runs = new ArrayList<>();
    private final Approvals approvals = new Approvals();
    private final Map<String, Signed> signOffs = new HashMap<>();
    private final Map<String, Waived> waivers = new HashMap<>();
    private final Set<String> ledgerKeys = new HashSet<>();
    private Optional<Published> published = Optional.empty();

    /** A sign-off and when it was said. */
    record Signed(SignOff said, Instant at) {}

    /** A waiver and its record. */
    record Waived(Waiver said, Proof proof) {}

    /** The last status update, and when it was given out. */
    public record Published(Publication said, Instant at) {}

    private LedgerFacts(String problem) {
        this.problem = problem;
    }

    /** Verifies the ledger by what the verification was told to trust, and reads it. */
    public static LedgerFacts read(Ledger ledger, LedgerVerification verification) {
        LedgerVerdict verdict = verification.verify();
        var facts = new LedgerFacts(verdict.isSound() ? "" : problem(verdict));
        if (verdict.isSound()) {
            try (Stream<LedgerEntry> entries = ledger.entries()) {
                entries.forEach(facts::add);
            }
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

    /** The newest word about a section or a task is the one that counts. */
    private void add(LedgerEntry entry) {
        approvals.add(entry);
        if (!entry.kind().isPersonal()) {
            ledgerKeys.add(entry.keyId());
        }
        switch (entry.kind()) {
            case RUN -> entry.run().map(SeenRun::of).ifPresent(runs::add);
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
            case KEY_CHANGE, APPROVAL -> {}
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

    List<Approvals.Said> saidOf(SeenRun run) {
        return approvals.of(run.seq());
    }

    Optional<Signed> signOff(String section) {
        return Optional.ofNullable(signOffs.get(section));
    }

    Optional<Waived> waiver(String task) {
        return Optional.ofNullable(waivers.get(task));
    }
}
