package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ledger of a shop over the fourth quarter of 2026: a backup each night, drills of data that grows until the target is
 * missed, and what goes wrong in a quarter. Real records, signed and sealed, on a clock in the test's hand.
 */
public final class QuarterLedger {
    public static final SigningKey KEY = SigningKey.make();
    public static final SigningKey APPROVER = SigningKey.make();
    public static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");
    public static final int DAYS = 92;

    private static final Objectives OBJECTIVES = new Objectives(
            Optional.of(Duration.ofMinutes(15)), Optional.of(Duration.ofHours(6)), "FIREDRILL_RTO_TARGET");
    private static final double GIB = 1L << 30;

    private final ManualTime time = new ManualTime();
    private final Ledger ledger;
    private final LedgerWriter writer;
    private final ObjectStore store;
    private int runs;

    /** What stands in every text that comes from outside. */
    private String text = "";

    private String operator = "ada";

    private String source = "shop";

    private int failing = -1;

    public QuarterLedger() {
        this(new HeapStore());
    }

    public QuarterLedger(ObjectStore store) {
        this.store = store;
        this.ledger = new Ledger(store, "default", time.clocks());
        this.writer = ledger.writer(KEY, Optional.empty());
    }

    public Ledger ledger() {
        return ledger;
    }

    /** From here on, names, operators, messages and comments hold this as well. */
    public QuarterLedger saying(String hostile) {
        text = hostile;
        return this;
    }

    /** Somebody else is the operator from here on. */
    public void by(String somebody) {
        operator = somebody;
    }

    /** What follows is of this source. */
    public QuarterLedger of(String name) {
        source = name;
        return this;
    }

    /** From now on this is due: an expression as {@link PopulationTest#CALENDAR} knows them. */
    public void scheduled(RunKind kind, String cron) {
        var schedule = new Schedule(source, List.of(new Schedule.Entry(kind, cron)), Duration.ofHours(1));
        new MissedRecords(writer, time.clocks(), this::start).schedule(new Schedule.Recorded(schedule, time.now()));
    }

    /** The whole quarter, with a drill every so many days. */
    public QuarterLedger lived(int daysBetweenDrills) {
        for (int day = 0; day < DAYS; day++) {
            at(day, 2);
            String backup = backup(day);
            if (day % daysBetweenDrills == 4 % daysBetweenDrills) {
                drillOf(day, day / daysBetweenDrills, backup);
            }
            if (day == 20 || day == 48) {
                at(day, 10);
                rehearsal(day == 20);
                at(day, 15);
                release(day == 48);
            }
        }
        return this;
    }

    private void drillOf(int day, int number, String backup) {
        at(day, 5);
        switch (number) {
            case 3 -> drill(day, backup, "verification");
            case 6 -> missed("restore-drill");
            case 8 -> drill(day, backup, "stopped");
            case 10 -> drill(day, backup, "unchecked");
            default -> {
                long seq = drill(day, backup, "").seq();
                at(day, 13);
                if (number % 3 != 2) {
                    approve(seq, number != 4);
                }
            }
        }
    }

    public void at(int day, int hour) {
        at(BEGIN.plus(Duration.ofDays(day)).plus(Duration.ofHours(hour)));
    }

    public void at(Instant moment) {
        time.jump(Duration.between(time.now(), moment));
    }

    private RunStart start(RunKind kind) {
        runs++;
        return new RunStart(
                "run-%06d".formatted(runs),
                kind,
                "scheduled",
                operator + text,
                "0.1.0",
                "runner-7f9c",
                Map.of("store", "s3://shop-backups/prod"),
                OBJECTIVES);
    }

    private RunLog begin(RunKind kind) {
        RunLog run = RunLog.begin(store, time.clocks(), start(kind));
        run.source(new Party(source + text, source, "6900f1c2a1b2c3d4e5f60718", List.of("db-1:27017"), "8.0.4", "8.0"));
        return run;
    }

    /** Grows by three quarters over the quarter, with a little up and down. */
    private static double size(int day) {
        return 40 + 0.34 * day + 2.5 * Math.sin(day * 1.7);
    }

    private BackupFacts facts(int day, String id, Instant point) {
        long bytes = (long) (size(day) * GIB);
        String manifest = "sources/%s/backups/%s/manifest".formatted(source, id);
        byte[] content = id.getBytes(StandardCharsets.UTF_8);
        store.create(ObjectKey.of(manifest), Content.of(content));
        return new BackupFacts(
                id,
                point.toString(),
                point.getEpochSecond() + ",1",
                point,
                manifest,
                Hashes.sha256Hex(content),
                bytes / 260,
                bytes,
                bytes / 4,
                bytes >> 26,
                bytes >> 27,
                3);
    }

    /** A backup that fails. */
    public void failedBackup(int day) {
        failing = day;
        backup(day);
        failing = -1;
    }

    /** Answers the id of the backup. */
    public String backup(int day) {
        String id = "%sT020000Z-%06x"
                .formatted(
                        BEGIN.plus(Duration.ofDays(day))
                                .toString()
                                .substring(0, 10)
                                .replace("-", ""),
                        day * 7919);
        RunLog run = begin(RunKind.BACKUP);
        run.timeline().measure("dump", true, () -> time.pass(size(day) * 5));
        run.backup(facts(day, id, time.now().minusSeconds(40)));
        if (day == 33 || day == failing) {
            run.finish(
                    writer, new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "the store does not answer", "Retry."), 40);
        } else {
            run.finish(writer, null, 0);
        }
        return id;
    }

    /** A drill of a day's backup that ends as said: "" for well, "part" for well of a part, "verification", "stopped" or "unchecked". */
    public RunRecord drill(int day, String backup, String trouble) {
        RunLog run = begin(RunKind.DRILL);
        run.target(
                new Party("staging", "staging", "6911aa02b9c8d7e6f5a40312", List.of("staging-1:27017"), "8.0.4", "8.0"),
                true);
        run.backup(facts(day, backup, BEGIN.plus(Duration.ofDays(day)).plus(Duration.ofHours(2))));
        run.scope(new Scope(trouble.equals("part"), Map.of()));
        run.exclude("shop.sessions" + text, "expire within the hour" + text);
        run.collection(
                Samples.collection(1, "shop.orders" + text, (long) (size(day) * GIB / 260), Check.Result.PASSED));
        double gib = size(day);
        Timeline timeline = run.timeline();
        timeline.measure("select", true, () -> time.pass(2.5));
        timeline.measure("guard", true, () -> time.pass(0.6));
        time.pass(1.2);
        timeline.measure("load", true, () -> time.pass(gib * 6.8));
        if (trouble.equals("stopped")) {
            return run.finish(
                    writer,
                    new Failure(FailureKind.ABORTED, "asked to stop by SIGTERM" + text, "Start it again."),
                    143);
        }
        timeline.measure("index", true, () -> time.pass(gib * 2.9));
        timeline.measure("verify" + text, true, () -> time.pass(gib * (day % 7 == 3 ? 4.9 : 3.1)));
        if (trouble.equals("verification")) {
            run.check(Check.failed("content", "SHA-256", "a", "b", 41, 42, "1 of 42 segments differs" + text));
            return run.finish(
                    writer,
                    new Failure(FailureKind.VERIFICATION_FAILED, "shop.orders differs" + text, "Do not use this copy."),
                    11);
        }
        run.check(
                !trouble.equals("unchecked")
                        ? Check.passed("content", "SHA-256", "a", "a", 42, 42)
                        : Check.skipped("content", "SHA-256", 42, "no digest in the manifest"));
        run.ready();
        timeline.measure("cleanup", false, () -> time.pass(9));
        return run.finish(writer, null, 0);
    }

    /** What a reconciliation writes of a slot in which nothing ran. */
    public void missed(String kind) {
        missed(kind, time.now());
    }

    /** The same of a slot that was due at another moment than now. */
    public void missed(String kind, Instant due) {
        RunStart start = start(RunKind.DRILL);
        var attempt = new RunFolder.Attempt(1, time.now(), start.host());
        ObjectNode stated = RecordFormat.statement(new Closing(
                start, List.of(attempt), List.of(), Facts.NONE, due, time.now(), null, OptionalInt.empty()));
        stated.withObject("/run").put("kind", "missed").putArray("attempts");
        stated.withObject("/result").put("outcome", "MISSED").put("verdict", "MISSED");
        stated.putObject("slot").put("source", source).put("kind", kind).put("due", due.toString());
        writer.append(stated);
    }

    /** A run of retention that deleted this backup. */
    public void pruned(String backup) {
        store.delete(ObjectKey.of("sources/%s/backups/%s/manifest".formatted(source, backup)));
        RunLog run = begin(RunKind.PRUNE);
        run.note("deleted", backup);
        run.finish(writer, null, 0);
    }

    public void rehearsal(boolean accepted) {
        rehearsalOf(accepted ? "drop-legacy-score" : "split-address", accepted);
    }

    /** Of one change, whose rollback holds or does not, which somebody accepted. */
    public void rehearsalOf(String change, boolean accepted) {
        RunLog run = begin(RunKind.REHEARSAL);
        run.timeline().measure("apply", true, () -> time.pass(75));
        var grade = accepted ? RehearsalFacts.Grade.ACCEPTED : RehearsalFacts.Grade.PROVEN;
        var rollback = new RehearsalFacts.OfProperty(
                "ROLLBACK",
                grade,
                accepted ? "the field is gone after it; accepted: nobody reads it since 2025" + text : "as before",
                List.of());
        run.rehearsal(new RehearsalFacts(
                "mongock",
                "5.5.1",
                "shop-migrations-2.3.jar" + text,
                Samples.digest(3),
                "shop",
                true,
                List.of(new RehearsalFacts.OfChange(
                        change,
                        "ada",
                        "shop.migrations.DropLegacyScore",
                        Samples.digest(4),
                        List.of(rollback),
                        Optional.empty()))));
        run.check(Check.passed("applies", "ran on a copy", "1", "1", 1, 1));
        run.finish(writer, null, 0);
    }

    private void release(boolean backAgain) {
        RunLog run = begin(backAgain ? RunKind.ROLLBACK : RunKind.APPLY);
        run.timeline().measure("apply", true, () -> time.pass(31));
        var planned = ReleaseFacts.OfChange.planned(
                "drop-legacy-score", "ada", Samples.digest(4), "run-1", Optional.of(30.0));
        run.release(new ReleaseFacts(
                "mongock",
                "shop-migrations-2.3.jar" + text,
                Samples.digest(3),
                "shop",
                "run-1",
                "1,1",
                "2,1",
                List.of(planned.begunAt("1,1")
                        .ended(Optional.of(31.0), "ended with 0", backAgain ? "PENDING" : "APPLIED", true))));
        run.check(Check.passed("rows", "the tool's rows", "1", "1", 1, 1));
        run.finish(writer, null, 0);
    }

    public void approve(long seq, boolean approved) {
        ledger.writer(APPROVER, Optional.empty())
                .append(new Approval(
                        ledger.entry(seq),
                        approved,
                        "grace" + text,
                        "data owner",
                        (approved ? "seen the shop work on the copy" : "the copy was never looked at") + text));
    }

    /** What a verification says of it. */
    public LedgerVerdict verify() {
        return new LedgerVerification(ledger)
                .expecting(PopulationTest.CALENDAR, Optional.empty())
                .verify();
    }
}
