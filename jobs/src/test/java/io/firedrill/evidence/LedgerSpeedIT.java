package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand records: some twenty-seven years of a run a day. */
class LedgerSpeedIT {
    private static final int RECORDS = 10_000;

    /** Of work, which is a matter of seconds, and not of time: a machine may be slow, and others use it too. */
    private static final Duration BOUND = Duration.ofSeconds(60);

    @Test
    void tenThousandRecordsAreVerifiedAndAddedToInNoTime(@TempDir Path folder) throws IOException {
        SampleLedger ledger = ledger();
        int before = ledger.store.reads.get();
        ledger.append(1, SampleLedger.KEY);
        assertThat(ledger.store.reads.get() - before)
                .as("objects read to append one")
                .isLessThan(6);

        for (Map.Entry<String, byte[]> object : ledger.store.objects.entrySet()) {
            Path file = folder.resolve(object.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, object.getValue());
        }
        try (var store = ObjectStores.directory(folder)) {
            var onDisk = new Ledger(store, "shop-prod", ledger.time.clocks());
            long begun = System.nanoTime();
            Duration worked = cpu();
            LedgerVerdict verdict =
                    new LedgerVerification(onDisk).withoutArtefacts().verify();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            worked = cpu().minus(worked);
            System.out.printf(
                    "%d records verified in %.1f s, with %.1f s of CPU, on %d CPUs%n",
                    verdict.size(),
                    took.toMillis() / 1000.0,
                    worked.toMillis() / 1000.0,
                    Runtime.getRuntime().availableProcessors());
            assertThat(verdict.isSound()).isTrue();
            assertThat(verdict.size()).isEqualTo(RECORDS + 1);
            assertThat(worked).isPositive().isLessThan(BOUND);

            begun = System.nanoTime();
            onDisk.writer(SampleLedger.KEY, Optional.empty()).append(SampleLedger.run(1));
            System.out.printf("one more appended in %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        }
    }

    /** What this process has worked: on a machine that others use too, it says more than the time of day. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Without listing the store for each. */
    private static SampleLedger ledger() {
        var ledger = new SampleLedger(1);
        LedgerWriter writer = ledger.writer(SampleLedger.KEY);
        Tip tip = Tip.of(ledger.ledger.checkpoint(1).orElseThrow());
        while (tip.size() < RECORDS) {
            ledger.time.pass(60);
            LedgerEntry entry =
                    writer.following(tip, "record-" + tip.size(), EntryKind.RUN, SampleLedger.run((int) tip.size()));
            ledger.store.objects.put(entry.key(), entry.bytes());
            tip = Tip.of(writer.seal(tip, entry));
        }
        return ledger;
    }
}
