package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Runs as they happen, told on a manual clock. */
final class Samples {
    static final Objectives OBJECTIVES = new Objectives(
            Optional.of(Duration.ofMinutes(15)), Optional.of(Duration.ofHours(1)), "FIREDRILL_RTO_TARGET");

    static final SigningKey KEY = SigningKey.make();

    final HeapStore store = new HeapStore();
    final ManualTime time = new ManualTime();
    final Ledger ledger = new Ledger(store, "shop-prod", time.clocks());
    final LedgerWriter writer = ledger.writer(KEY, Optional.empty());

    static RunStart start(RunKind kind, Objectives objectives) {
        return new RunStart(
                "019a8012-77aa-7c01-9d55-"
                        + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                kind,
                "manual",
                "ada@shop.example",
                "0.1.0",
                "runner-7f9c",
                Map.of(
                        "store", "s3://shop-backups/prod",
                        "source", "mongodb://drill:hunter2@db-1.shop.example:27017/?replicaSet=shop",
                        "rto-target", "15m",
                        "workers", "4"),
                objectives);
    }

    static Party source() {
        return new Party(
                "shop",
                "shop",
                "6900f1c2a1b2c3d4e5f60718",
                List.of("db-1.shop.example:27017", "db-2.shop.example:27017"),
                "8.0.4",
                "8.0");
    }

    static Party target() {
        return new Party(
                "staging",
                "staging",
                "6911aa02b9c8d7e6f5a40312",
                List.of("staging-1.shop.example:27017"),
                "8.0.4",
                "8.0");
    }

    static BackupFacts backup(Instant consistency) {
        return new BackupFacts(
                "20261114T093000Z-4f1c9a",
                "2026-11-14T09:30:00Z",
                consistency.getEpochSecond() + ",14",
                consistency,
                "sources/shop/backups/20261114T093000Z-4f1c9a/manifest",
                digest(1),
                1_240_312,
                322_122_547L,
                84_310_016L,
                42,
                30,
                6);
    }

    static String digest(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static CollectionFact collection(int number, String namespace, long documents, Check.Result result) {
        int segments = Math.toIntExact(1 + documents / 50_000);
        int equal = result == Check.Result.PASSED ? segments : segments - 1;
        return new CollectionFact(
                namespace,
                "collection",
                documents,
                documents * 260,
                segments,
                equal,
                1 + number % 5,
                digest(number),
                result);
    }

    static Check namespaces() {
        return Check.passed("namespaces", "listCollections compared as BSON", "6 namespaces", "6 namespaces", 6, 6);
    }

    RunRecord passedDrill() {
        RunLog run = RunLog.begin(store, time.clocks(), start(RunKind.DRILL, OBJECTIVES));
        environment(run, Duration.ofMinutes(28));
        restorePhases(run, 1);
        collections(run, Check.Result.PASSED);
        run.check(namespaces());
        run.check(
                Check.passed("content", "SHA-256 over raw BSON in _id order, read back", digest(5), digest(5), 42, 42));
        run.check(Check.passed("indexes", "listIndexes compared as BSON", "19 indexes", "19 indexes", 19, 19));
        run.check(Check.passed("manifest", "SHA-256 of the manifest", digest(1), digest(1), 1, 1));
        run.ready();
        time.pass(0.2);
        run.timeline().measure("cleanup", false, () -> time.pass(14.2));
        run.disposal("dropped what the marker names", "staging is empty");
        return run.finish(writer, null, 0);
    }

    RunRecord lateDrill() {
        var tight = new Objectives(Optional.of(Duration.ofMinutes(3)), Optional.empty(), "firedrill.yaml");
        RunLog run = RunLog.begin(store, time.clocks(), start(RunKind.DRILL, tight));
        environment(run, Duration.ofHours(27));
        restorePhases(run, 1);
        collections(run, Check.Result.PASSED);
        run.check(namespaces());
        run.ready();
        run.timeline().measure("cleanup", false, () -> time.pass(14.2));
        return run.finish(writer, null, 10);
    }

    RunRecord failedRestore() {
        RunLog run = RunLog.begin(store, time.clocks(), start(RunKind.RESTORE, OBJECTIVES));
        environment(run, Duration.ofMinutes(75));
        var failure = new Failure(
                FailureKind.VERIFICATION_FAILED,
                "shop.orders differs from its backup: segment 7 of 12 has digest %s, expected %s"
                        .formatted(digest(8), digest(9)),
                "Do not use this copy. Run `firedrill verify` to find out whether the store or staging is at fault.");
        collections(run, Check.Result.FAILED);
        run.check(namespaces());
        run.check(
                Check.failed(
                        "content",
                        "SHA-256 over raw BSON in _id order, read back",
                        digest(9),
                        digest(8),
                        41,
                        42,
                        "1 of 42 segments differs: shop.orders, _id from 6900f1c2a1b2c3d4e5f60718 to 6900f1c2a1b2c3d4e5f6ffff"));
        run.check(Check.skipped("indexes", "listIndexes compared as BSON", 19, "not reached"));
        restorePhases(run, 0.8);
        try {
            run.timeline().measure("prove", true, (Runnable) () -> {
                time.pass(17);
                throw failure;
            });
        } catch (Failure expected) {
            return run.finish(writer, expected, 11);
        }
        throw new AssertionError("the phase should have failed");
    }

    RunRecord abortedBackup() {
        RunStart start = start(RunKind.BACKUP, Objectives.NONE);
        RunLog first = RunLog.begin(store, time.clocks(), start);
        first.source(source());
        first.timeline().measure("lock", true, () -> time.pass(0.3));
        first.timeline().measure("plan", true, () -> time.pass(2.1));
        time.pass(40);
        time.newProcess();
        RunLog second = RunLog.begin(store, time.clocks(), start);
        second.timeline().measure("lock", true, () -> time.pass(0.2));
        var stop = new Failure(FailureKind.ABORTED, "asked to stop by SIGTERM", "Start it again and it goes on.");
        try {
            second.timeline().measure("dump", true, (Runnable) () -> {
                time.pass(31);
                throw stop;
            });
        } catch (Failure expected) {
            return second.finish(writer, expected, 143);
        }
        throw new AssertionError("the phase should have failed");
    }

    RunRecord sealedBackup() {
        RunLog run = RunLog.begin(store, time.clocks(), start(RunKind.BACKUP, Objectives.NONE));
        run.source(source());
        run.timeline().measure("plan", true, () -> time.pass(1.1));
        run.timeline().measure("dump", true, () -> time.pass(22.5));
        run.timeline().measure("seal", true, () -> time.pass(0.4));
        run.timeline().measure("publish", true, () -> time.pass(0.09));
        run.backup(backup(time.now().minusSeconds(23)));
        collections(run, Check.Result.PASSED);
        run.exclude("shop.system.profile", "system collection");
        run.notTested("whether this backup can be restored: only a drill shows that");
        return run.finish(writer, null, 0);
    }

    RunRecord hugeDrill() {
        RunLog run = RunLog.begin(store, time.clocks(), start(RunKind.DRILL, OBJECTIVES));
        environment(run, Duration.ofMinutes(28));
        restorePhases(run, 3);
        for (int i = 0; i < 400; i++) {
            String name = "tenant_%03d.%s"
                    .formatted(i / 4, i % 7 == 0 ? "a_rather_long_collection_name_".repeat(3) + i : "events" + i);
            run.collection(collection(i, name, 37L * i * i, Check.Result.PASSED));
        }
        run.check(
                Check.passed("content", "SHA-256 over raw BSON in _id order", "400 digests", "400 digests", 400, 400));
        run.ready();
        return run.finish(writer, null, 0);
    }

    private void environment(RunLog run, Duration age) {
        run.source(source());
        run.target(target(), true);
        run.backup(backup(time.now().minus(age)));
        run.exclude("shop.system.profile", "system collection, not part of the data");
        run.exclude("config.*", "belongs to the deployment, not to the data");
        run.notTested("users, roles and their passwords");
        run.notTested("the application on top of this data");
        run.notTested("any moment but the consistency point: there is no oplog archive yet");
        run.note("mongod dbHash", "equal on source and staging");
    }

    private void restorePhases(RunLog run, double scale) {
        Timeline timeline = run.timeline();
        timeline.measure("lock", true, () -> time.pass(0.12 * scale));
        timeline.measure("select", true, () -> time.pass(0.8 * scale));
        timeline.measure("guard", true, () -> time.pass(0.3 * scale));
        time.pass(0.4);
        timeline.measure("load", true, () -> time.pass(143.7 * scale));
        timeline.measure("index", true, () -> time.pass(61.2 * scale));
        timeline.measure("verify", true, () -> time.pass(45.9 * scale));
        timeline.measure("mark", true, () -> time.pass(0.08 * scale));
    }

    private static void collections(RunLog run, Check.Result orders) {
        run.collection(collection(11, "shop.customers", 120_000, Check.Result.PASSED));
        run.collection(collection(12, "shop.orders", 580_312, orders));
        run.collection(collection(13, "shop.order_lines", 500_000, Check.Result.PASSED));
        run.collection(collection(14, "shop.carts", 40_000, Check.Result.PASSED));
        run.collection(collection(15, "audit.log", 0, Check.Result.PASSED));
        run.collection(new CollectionFact("shop.open_orders", "view", 0, 0, 0, 0, 0, "", Check.Result.PASSED));
    }
}
