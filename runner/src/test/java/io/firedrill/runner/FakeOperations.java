package io.firedrill.runner;

import io.firedrill.doctor.Finding;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.monitoring.Metric;
import io.firedrill.monitoring.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Operations that do nothing but remember what they were asked and answer what a test gave them. */
final class FakeOperations implements Operations, OperationsFactory {
    static final BackupLine LINE = new BackupLine(
            "20261122T031500Z-7f3a",
            "proven",
            "orders",
            Instant.parse("2026-11-22T03:15:00.123Z"),
            new ConsistencyPoint(1_795_317_300L, 4),
            1_234_567,
            2_621_440_000L,
            524_288_000L,
            12,
            null,
            null,
            null);

    final List<Object> requests = new ArrayList<>();
    BackupResult backup = new BackupResult(
            "20261122T031500Z-7f3a",
            "sealed",
            new ConsistencyPoint(1_795_317_300L, 4),
            12,
            1_234_567,
            2_621_440_000L,
            524_288_000L,
            131_072_000L,
            40,
            30,
            62.5,
            List.of("shop.cache"),
            true,
            "evidence/default/000000000007.json",
            "/state/reports/7.html",
            Unread.NOTHING);
    RestoreResult restore = restored(new Rto(252.4, 900.0, true), 12);
    SealResult seal = sealed(false);
    VerifyResult verify = verified(List.of());
    StatusResult status = new StatusResult(
            "NOTHING YET",
            null,
            null,
            null,
            null,
            0,
            "Run firedrill backup.",
            List.of(),
            List.of(),
            null,
            List.of(),
            List.of(),
            "FAILING",
            List.of(new StatusResult.Reason("FAILING", "NOTHING YET", "Run firedrill backup.")),
            null,
            List.of(),
            List.of(),
            List.of());
    CompactResult compact = compacted("sealed");
    ReleaseResult release = ReleasePrintersTest.result("passed");
    RehearseResult rehearsal = RehearsalPrintersTest.result("passed", Grade.PROVEN);
    ArchiveResult archive = archived(List.of());
    List<BackupLine> backups = List.of(LINE);
    MetricsResult metrics = new MetricsResult(
            "file:///backups", List.of(Sample.of(Metric.MEASURED, 1), Sample.of(Metric.STATUS, 2, "orders")));
    CleanResult clean = new CleanResult("staging", List.of("shop"), false, "evidence/default/9.json");
    PruneResult prune = pruned(false, "keep");
    MigrationsResult migrations =
            new MigrationsResult("mongock", "5.5.1", "app.jar", "abc", "shop on h:1", null, List.of(), List.of());
    Supplier<@Nullable Throwable> trouble = () -> null;

    @Nullable
    RunContext context;

    List<Finding> findings = List.of();
    boolean closed;

    static RestoreResult restored(Rto rto, long equal) {
        return restored(rto, equal, RestoreScope.WHOLE);
    }

    static RestoreResult restored(Rto rto, long equal, RestoreScope scope) {
        return restored(rto, new Rpo(3_600, null, null), equal, scope);
    }

    static RestoreResult restored(Rto rto, Rpo rpo, long equal, RestoreScope scope) {
        return new RestoreResult(
                "run-1",
                "20261122T031500Z-7f3a",
                rto.missed() || rpo.missed() ? "WARNED" : "PASSED",
                rto,
                rpo,
                List.of(new PhaseLine("guard", 0.4), new PhaseLine("load", 181), new PhaseLine("verify", 71)),
                1_234_567,
                1,
                12,
                equal,
                List.of("users and roles"),
                "evidence/default/000000000008.json",
                "/state/reports/8.html",
                false,
                scope,
                null);
    }

    static PruneResult pruned(boolean dryRun, String fateOfTheLast) {
        return new PruneResult(
                "orders",
                dryRun,
                List.of(
                        new PruneResult.Line("b1", "delete", "no rule keeps it", Instant.parse("2026-11-23T00:00:00Z")),
                        new PruneResult.Line("b2", "keep", "held: case 7", null),
                        new PruneResult.Line("b3", fateOfTheLast, "the last proven backup", null)),
                List.of("b1"),
                List.of("b2"),
                dryRun ? List.of() : List.of("b0"),
                12,
                2_097_152,
                3,
                40,
                1_048_576,
                4,
                dryRun ? 0 : 2,
                dryRun ? 0 : 1,
                dryRun ? List.of() : List.of(new PruneResult.Refusal("sources/orders/backups/b9/plan", "ObjectLocked")),
                List.of(),
                dryRun ? "" : "evidence/default/000000000010.json",
                dryRun ? "" : "/state/reports/10.html");
    }

    static ArchiveResult archived(List<ArchiveResult.Gap> gaps) {
        return new ArchiveResult(
                "orders",
                1 + gaps.size(),
                new ConsistencyPoint(1_795_317_300L, 4),
                6,
                12_345,
                1_048_576,
                60.5,
                new ArchiveResult.Rpo(60, 5.1, 9.9, 10.4),
                gaps,
                5_400L,
                true,
                new ArchiveResult.Seals(3, 1, 2, 2_621_440_000L, 37.5, "the source did not answer"),
                false,
                "evidence/default/000000000013.json",
                "/state/reports/13.html");
    }

    static SealResult sealed(boolean dryRun) {
        return new SealResult(
                "orders",
                dryRun,
                new ConsistencyPoint(1_795_317_300L, 4),
                Instant.parse("2026-11-22T03:15:00Z"),
                12,
                dryRun ? 0 : 1_234_567,
                2_621_440_000L,
                dryRun ? 0 : 2_500,
                dryRun ? 0 : 12.5,
                new SealResult.Cost("primary, as demanded", dryRun ? 0 : 1_200, dryRun ? 0 : 1.25),
                List.of(new SealResult.NotSealed("shop.cache", "excluded by the setting 'exclude'")),
                dryRun ? "" : "sources/orders/seals/6b026e0400000004",
                dryRun ? "" : "evidence/default/000000000013.json",
                dryRun ? "" : "/state/reports/13.html");
    }

    static CompactResult compacted(String state) {
        boolean sealed = state.equals("sealed");
        return new CompactResult(
                "orders",
                state,
                sealed ? "20261122T031500Z-7f3a" : "",
                "20261101T031500Z-0001",
                new ConsistencyPoint(1_793_502_900L, 1),
                new ConsistencyPoint(1_795_317_300L, 4),
                new CompactResult.Work(2_621_440_000L, sealed ? 1_234 : 0, 40, 52_428_800),
                sealed
                        ? new CompactResult.Made(12, 1_234_567, 2_621_440_000L, 524_288_000L, 131_072_000L, 40, 30)
                        : CompactResult.Made.NOTHING,
                sealed ? "base digests + strict replay" : "",
                sealed ? List.of("admin.system.users") : List.of(),
                sealed ? 62.5 : 0,
                state.equals("planned") ? "" : "evidence/default/000000000014.json",
                state.equals("planned") ? "" : "/state/reports/14.html");
    }

    static VerifyResult verified(List<String> damaged) {
        return new VerifyResult(
                "run-2",
                "20261122T031500Z-7f3a",
                damaged.isEmpty() ? "PASSED" : "FAILED",
                44,
                44 - damaged.size(),
                524_288_000L,
                5,
                damaged,
                "evidence/default/000000000009.json",
                "/state/reports/9.html");
    }

    @Override
    public Operations open(RunContext opened) {
        context = opened;
        return this;
    }

    @Override
    public BackupResult backup(BackupRequest request) {
        return answer(request, backup);
    }

    @Override
    public SealResult seal(SealRequest request) {
        return answer(request, request.dryRun() ? sealed(true) : seal);
    }

    @Override
    public RestoreResult restore(RestoreRequest request) {
        return answer(request, restore);
    }

    @Override
    public RestoreResult drill(RestoreRequest request) {
        return answer(request, restore);
    }

    @Override
    public VerifyResult verify(VerifyRequest request) {
        return answer(request, verify);
    }

    @Override
    public PruneResult prune(PruneRequest request) {
        return answer(request, prune);
    }

    @Override
    public HoldResult hold(HoldRequest request) {
        return answer(
                request,
                new HoldResult(request.backup(), request.hold(), request.reason(), "evidence/default/11.json"));
    }

    @Override
    public KeysResult keys(KeysRequest request) {
        return answer(
                request,
                new KeysResult(
                        "orders",
                        List.of(new KeysResult.Key("0123456789abcdef", 1, List.of("fedcba9876543210"))),
                        request.rewrap() ? List.of("0123456789abcdef") : List.of(),
                        request.dropOlder() ? 1 : 0,
                        List.of(),
                        request.dryRun(),
                        request.rewrap() && !request.dryRun() ? "evidence/default/12.json" : ""));
    }

    @Override
    public List<Finding> examine(DoctorRequest request) {
        return answer(request, findings);
    }

    @Override
    public ArchiveResult archive(ArchiveRequest request) {
        return answer(request, archive);
    }

    @Override
    public WorkerResult work() {
        return answer("work", new WorkerResult("host/1", 12, 1, 34_567, 8.5));
    }

    @Override
    public OplogShowResult oplog(OplogShowRequest request) {
        return answer(
                request,
                new OplogShowResult(
                        "orders",
                        "1,0",
                        "9,9",
                        List.of(new OplogShowResult.Line("2,1", "2,1", Instant.EPOCH, "drop", "shop.orders", 0)),
                        null));
    }

    @Override
    public CompactResult compact(CompactRequest request) {
        return answer(request, request.dryRun() ? compacted("planned") : compact);
    }

    @Override
    public ReleaseResult release(ReleaseRequest request) {
        return answer(request, release);
    }

    @Override
    public RehearseResult rehearse(RehearseRequest request) {
        return answer(request, rehearsal);
    }

    @Override
    public StatusResult status() {
        return answer("status", status);
    }

    @Override
    public MetricsResult metrics() {
        return answer("metrics", metrics);
    }

    @Override
    public List<BackupLine> backups() {
        return answer("backups", backups);
    }

    @Override
    public ReadinessDesk readiness() {
        throw new UnsupportedOperationException("readiness needs no stand-in: a directory is a store");
    }

    @Override
    public EvidenceDesk evidence() {
        throw new UnsupportedOperationException("evidence needs no stand-in: a directory is a store");
    }

    @Override
    public ReportDesk reports() {
        throw new UnsupportedOperationException("reports need no stand-in: a directory is a store");
    }

    @Override
    public CleanResult cleanStaging(CleanRequest request) {
        return answer(request, clean);
    }

    @Override
    public MigrationsResult migrations(MigrationsRequest request) {
        return answer(request, migrations);
    }

    private <T> T answer(Object request, T answer) {
        requests.add(request);
        return switch (trouble.get()) {
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            case null, default -> answer;
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
