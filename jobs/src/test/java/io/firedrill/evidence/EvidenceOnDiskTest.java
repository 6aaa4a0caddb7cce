package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as with the store on the heap, in a directory as a user has it. */
class EvidenceOnDiskTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final ManualTime time = new ManualTime();

    @Test
    void aRunGoesOnInAnotherProcessAndLeavesItsRecordAndReport() {
        RunStart start = Samples.start(RunKind.DRILL, Samples.OBJECTIVES);
        try (ObjectStore store = ObjectStores.directory(folder)) {
            RunLog first = RunLog.begin(store, time.clocks(), start);
            first.check(Samples.namespaces());
            first.timeline().measure("load", true, () -> time.pass(10));
        }
        time.newProcess();
        try (ObjectStore store = ObjectStores.directory(folder)) {
            RunLog second = RunLog.begin(store, time.clocks(), start);
            second.timeline().measure("verify", true, () -> time.pass(5));
            second.ready();
            RunRecord record = second.finish(writer(store), null, 0);
            assertThat(record.verdict()).isEqualTo("PROVEN");
            assertThat(record.rtoSeconds()).hasValue(15);
            assertThat(store.read(ObjectKey.of(record.reportKey()), 1 << 20))
                    .hasValueSatisfying(page ->
                            assertThat(new String(page, StandardCharsets.UTF_8)).contains("PROVEN"));
            assertThat(RunLog.open(store, time.clocks())).isEmpty();
            assertThat(store.list("runs/")).isEmpty();
        }
    }

    @Test
    void appendsAtOnceMakeOneChain() throws InterruptedException, ExecutionException {
        try (ObjectStore store = ObjectStores.directory(folder);
                var pool = Executors.newFixedThreadPool(16)) {
            List<Callable<LedgerEntry>> appends = IntStream.range(0, 16)
                    .<Callable<LedgerEntry>>mapToObj(
                            _ -> () -> writer(store).append(Json.object()).entry())
                    .toList();
            for (var append : pool.invokeAll(appends)) {
                assertThat(append.get().seq()).isBetween(1L, 16L);
            }
            List<RunRecord> records =
                    new Ledger(store, "shop-prod", time.clocks()).records().toList();
            assertThat(records).hasSize(16);
            assertThat(records.subList(1, 16))
                    .extracting(RunRecord::prev)
                    .containsExactlyElementsOf(records.subList(0, 15).stream()
                            .map(RunRecord::sha256)
                            .toList());
        }
    }

    private LedgerWriter writer(ObjectStore store) {
        return new Ledger(store, "shop-prod", time.clocks()).writer(Samples.KEY, Optional.empty());
    }
}
