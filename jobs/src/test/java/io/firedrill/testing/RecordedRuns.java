package io.firedrill.testing;

import io.firedrill.evidence.Approval;
import io.firedrill.evidence.BackupFacts;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.CollectionFact;
import io.firedrill.evidence.Declaration;
import io.firedrill.evidence.GateResult;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.Objectives;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunStart;
import io.firedrill.evidence.Scope;
import io.firedrill.evidence.SigningKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Real signed records of runs that nobody had to run, in a store on disk, on clocks in a test's hand. */
public final class RecordedRuns {
    public static final String OPERATOR = "ada";

    private static final Objectives OBJECTIVES =
            new Objectives(Optional.of(Duration.ofMinutes(15)), Optional.of(Duration.ofHours(1)), "a test");

    private final ObjectStore store;
    private final Ledger ledger;
    private final SigningKey key = SigningKey.make();
    private final Clocks clocks;
    private final Map<String, BackupFacts> made = new HashMap<>();
    private Instant now;
    private int count;

    public RecordedRuns(Path directory, Instant start) {
        this.now = start;
        this.store = ObjectStores.directory(directory);
        this.clocks =
                new Clocks(() -> now, () -> Duration.between(Instant.EPOCH, now).toNanos());
        this.ledger = new Ledger(store, "default", clocks);
    }

    public Clocks clocks() {
        return clocks;
    }

    public Instant now() {
        return now;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    public ObjectStore store() {
        return store;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** The key that signs the ledger. */
    public SigningKey key() {
        return key;
    }

    /** Something said with the ledger's own key. */
    public LedgerEntry said(Declaration declaration) {
        return ledger.writer(key, Optional.empty()).append(declaration).entry();
    }

    /** What a gate of a build came to, by a report that was written just now. */
    public LedgerEntry gate(String name, String... reasons) {
        return said(gated(name, "junit", List.of("findings let through: notes"), reasons));
    }

    /** The same of a gate that passed, by a report of this format that this was demanded of. */
    public LedgerEntry gateAsking(String name, String format, String... demands) {
        return said(gated(name, format, List.of(demands)));
    }

    private GateResult gated(String name, String format, List<String> demands, String... reasons) {
        var report = new GateResult.Report("report.xml", format, "ab".repeat(32), 1, Map.of("tests", 1L));
        return new GateResult(name, List.of(reasons), demands, List.of(report), now, "4f2a91c", "", OPERATOR);
    }

    /** A run of this kind that passed, whatever it checked. */
    public RunRecord passed(RunKind kind) {
        return finished(begun(kind));
    }

    /** A restore or drill of the whole that took so long, from a backup of ten minutes ago. */
    public RunRecord recovered(RunKind kind, Duration took) {
        return finished(recovering(kind, took));
    }

    /** The same of a part of the backup. */
    public RunRecord recoveredInPart(RunKind kind) {
        RunLog run = recovering(kind, Duration.ofMinutes(1));
        run.scope(new Scope(true, Map.of()));
        return finished(run);
    }

    /** A drill in which a digest differed. */
    public RunRecord refuted() {
        return finished(differing(recovering(RunKind.DRILL, Duration.ofMinutes(1))));
    }

    private static RunLog differing(RunLog run) {
        run.check(Check.failed("content", "digests", "1", "2", 0, 1, "they differ"));
        return run;
    }

    /** A drill of this very backup: of the whole or of a part of it, in which a digest differed or none did. */
    public RunRecord drilled(RunRecord backup, boolean whole, boolean good) {
        RunLog run = recovering(
                RunKind.DRILL, Duration.ofMinutes(1), made.get(backup.backupId().orElseThrow()));
        run.scope(new Scope(!whole, Map.of()));
        return finished(good ? run : differing(run));
    }

    /** A verification that read a sample. */
    public RunRecord verifiedInPart() {
        RunLog run = begun(RunKind.VERIFY);
        run.scope(new Scope(true, Map.of()));
        return finished(run);
    }

    /** A run of this kind in which a check found a difference. */
    public RunRecord failed(RunKind kind) {
        return finished(differing(begun(kind)));
    }

    /** A run of this kind that was stopped. */
    public RunRecord stopped(RunKind kind) {
        RunLog run = begun(kind);
        pass(Duration.ofSeconds(1));
        var stop = new Failure(FailureKind.ABORTED, "asked to stop", "Start it again.");
        return run.finish(ledger.writer(key, Optional.empty()), stop, 143);
    }

    /** A sealed backup whose manifest lies in the store. */
    public RunRecord backedUp() {
        RunLog run = begun(RunKind.BACKUP);
        BackupFacts facts = backup();
        made.put(facts.backupId(), facts);
        run.backup(facts);
        return finished(run);
    }

    /** A run of retention that deleted a backup, and says so. */
    public RunRecord pruned(RunRecord backup) {
        store.delete(ObjectKey.of(backup.manifest().orElseThrow()));
        RunLog run = begun(RunKind.PRUNE);
        run.note("deleted", backup.backupId().orElseThrow());
        return finished(run);
    }

    /** A rehearsal of migrations that passed. */
    public RunRecord rehearsed(String database, boolean full) {
        RunLog run = begun(RunKind.REHEARSAL);
        run.rehearsal(new RehearsalFacts("mongock", "5", "app.jar", "ab".repeat(32), database, full, List.of()));
        return finished(run);
    }

    public void approve(RunRecord run, boolean approved, String approver, String role, SigningKey with) {
        ledger.writer(with, Optional.empty()).append(new Approval(run.entry(), approved, approver, role, "seen"));
    }

    private RunLog recovering(RunKind kind, Duration took) {
        return recovering(kind, took, null);
    }

    /** @param of the backup; null for one that nobody recorded */
    private RunLog recovering(RunKind kind, Duration took, @Nullable BackupFacts of) {
        RunLog run = begun(kind);
        run.backup(of == null ? backup() : of);
        run.collection(
                new CollectionFact("shop.orders", "collection", 1, 1, 1, 1, 0, "cd".repeat(32), Check.Result.PASSED));
        run.timeline().measure("load", true, () -> pass(took));
        run.ready();
        return run;
    }

    private RunLog begun(RunKind kind) {
        count++;
        RunLog run = RunLog.begin(
                store,
                clocks,
                new RunStart(
                        "run-" + count,
                        kind,
                        "manual",
                        OPERATOR,
                        "0.1.0",
                        "here",
                        Map.of(),
                        kind == RunKind.DRILL || kind == RunKind.RESTORE ? OBJECTIVES : Objectives.NONE));
        run.check(Check.passed("content", "digests", "1", "1", 1, 1));
        return run;
    }

    private BackupFacts backup() {
        String manifest = "sources/shop/backups/b%d/manifest".formatted(count);
        Content content = Content.of(("manifest " + count).getBytes(StandardCharsets.UTF_8));
        store.create(ObjectKey.of(manifest), content);
        Instant consistency = now.minus(Duration.ofMinutes(10));
        return new BackupFacts(
                "b" + count,
                consistency.toString(),
                consistency.getEpochSecond() + ",1",
                consistency,
                manifest,
                HexFormat.of().formatHex(content.sha256()),
                1,
                1,
                1,
                1,
                0,
                1);
    }

    private RunRecord finished(RunLog run) {
        pass(Duration.ofSeconds(1));
        return run.finish(ledger.writer(key, Optional.empty()), null, 0);
    }
}
