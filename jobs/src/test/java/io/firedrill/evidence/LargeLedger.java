package io.firedrill.evidence;

import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * A ledger of ten records a day, an hour apart, signed and chained like any other, written without listing the store for each: a
 * backup, a drill of it, and eight others. One of the first day holds the schedule that says so.
 */
public final class LargeLedger {
    public static final int RECORDS_A_DAY = 10;

    private static final int DRILL = 1;
    private static final Duration GRACE = Duration.ofHours(1);

    private final ObjectStore store;
    private final LedgerWriter writer;
    private Tip tip = Tip.EMPTY;

    /** The backup of a day. */
    public record Backup(String id, String manifest, String manifestSha256) {}

    public LargeLedger(ObjectStore store, SigningKey key) {
        this.store = store;
        this.writer = new Ledger(store, "default", new ManualTime().clocks()).writer(key, Optional.empty());
        ObjectKey published = writer.ledger().files().publicKey(key.id());
        store.create(published, Content.of(key.publicKey().pem().getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * Writes ten records for each day.
     *
     * @param newest when the last day's backup began, on the hour
     * @param backups of a day, by its number
     */
    public void fill(int days, Instant newest, Function<Integer, Backup> backups) {
        Instant first = newest.minus(Duration.ofDays(days - 1L));
        for (int day = 0; day < days; day++) {
            Instant began = first.plus(Duration.ofDays(day));
            Backup backup = backups.apply(day);
            for (int number = 0; number < RECORDS_A_DAY; number++) {
                Instant at = began.plus(Duration.ofHours(number));
                append(day == 0 && number == 2 ? schedule(first) : run(number, at, backup));
            }
        }
    }

    private void append(ObjectNode run) {
        LedgerEntry entry = writer.following(tip, "record-" + tip.size(), EntryKind.RUN, run);
        store.create(ObjectKey.of(entry.key()), Content.of(entry.bytes()));
        tip = Tip.of(writer.seal(tip, entry));
    }

    private ObjectNode schedule(Instant first) {
        ObjectNode stated = SampleLedger.run(0);
        dated(stated, RunKind.RECONCILE, first.plus(Duration.ofHours(2)));
        stated.remove("backup");
        var entries = List.of(
                new Schedule.Entry(RunKind.BACKUP, daily(first)),
                new Schedule.Entry(RunKind.DRILL, daily(first.plus(Duration.ofHours(1)))));
        stated.set("schedule", new Schedule.Recorded(new Schedule("", entries, GRACE), first).json());
        return stated;
    }

    private static String daily(Instant at) {
        return "0 %d * * *".formatted(at.atOffset(ZoneOffset.UTC).getHour());
    }

    /** As a sealed backup, a passed drill, or as one of the others ended that people verify and prune by. */
    private ObjectNode run(int number, Instant at, Backup backup) {
        ObjectNode stated = SampleLedger.run(number == 0 ? 4 : 0);
        RunKind kind = number == 0 ? RunKind.BACKUP : number == DRILL ? RunKind.DRILL : RunKind.VERIFY;
        dated(stated, kind, at);
        stated.withObject("/backup")
                .put("backupId", backup.id())
                .put("manifest", backup.manifest())
                .put("manifestSha256", backup.manifestSha256());
        return stated;
    }

    private void dated(ObjectNode stated, RunKind kind, Instant at) {
        String end = at.plusSeconds(300).toString();
        stated.withObject("/run").put("kind", kind.word()).put("runId", "run-" + tip.size());
        ((ObjectNode) stated.at("/run/attempts/0")).put("startedAt", at.toString());
        stated.withObject("/when")
                .put("startedAt", at.toString())
                .put("finishedAt", end)
                .put("recordedAt", end);
    }
}
