package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a backup left unread, as it is printed. */
class UnreadTest {
    private static final long MIB = 1 << 20;

    @Test
    void whatWasLeftUnreadIsToldWithItsProof() {
        assertThat(read(new Unread(12 * MIB, 148, 0, 0, 8, 8, "5 oplog entries looked at, from the archive")))
                .contains("Read        12.0 MiB of 600.0 MiB; 148 of 150 segments untouched, 8 read anyway, all equal");
    }

    @Test
    void whatWasLookedUpIsToldBesideWhatWasNot() {
        assertThat(read(new Unread(12 * MIB, 100, 50, 612, 8, 8, "5 oplog entries looked at, from the archive")))
                .contains("Read        12.0 MiB of 600.0 MiB; 100 of 150 segments untouched, 612 documents looked up in"
                        + " 50 more, 8 read anyway, all equal");
    }

    @Test
    void thatEverythingWasReadIsToldWithItsReason() {
        assertThat(read(new Unread(600 * MIB, 0, 0, 0, 0, 0, "none: no collection of it lies in an earlier backup")))
                .contains("Read        none: no collection of it lies in an earlier backup");
    }

    @Test
    void aChangeThatTheOplogDoesNotKnowIsToldWithWhatFollows() {
        assertThat(read(new Unread(600 * MIB, 0, 0, 0, 8, 7, "…")))
                .contains("Read        everything, and the next backups too until --skip-again: 1 of 8 segments read"
                        + " again had changed without an oplog entry");
    }

    @Test
    void aRehearsedBackupSaysThatNothingWasWritten() {
        var point = new ConsistencyPoint(0, 0);
        var plan = new BackupResult(
                "b1", "planned", point, 1, 0, 0, 0, 0, 3, 0, 0, List.of(), false, "", "", Unread.NOTHING);
        assertThat(text(new BackupRequest(true), plan)).isEqualToNormalizingNewlines("""
                        PLANNED  backup b1 would be made; nothing was written

                        Data        1 collection, 3 segments
                        Left out    nothing
                        """);
    }

    private static String read(Unread unread) {
        var result = new BackupResult(
                "b1",
                "sealed",
                new ConsistencyPoint(1, 1),
                1,
                1,
                600 * MIB,
                1,
                1,
                150,
                148,
                1,
                List.of(),
                false,
                "record",
                "report",
                unread);
        return text(new BackupRequest(false), result);
    }

    private static String text(BackupRequest request, BackupResult result) {
        var bytes = new ByteArrayOutputStream();
        new TextPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), Paint.PLAIN).backup(request, result);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
