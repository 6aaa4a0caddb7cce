package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.Selection;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrintersTest {
    private static final RestoreRequest RESTORE =
            new RestoreRequest("latest", Optional.empty(), Optional.empty(), false, false, true, Selection.EVERYTHING);
    private static final RestoreRequest REHEARSED =
            new RestoreRequest("latest", Optional.empty(), Optional.empty(), false, true, true, Selection.EVERYTHING);
    private final FakeOperations results = new FakeOperations();

    private static String text(Consumer<Printer> print) {
        return text(UTF_8, Paint.PLAIN, print);
    }

    private static String text(Charset charset, Paint paint, Consumer<Printer> print) {
        var bytes = new ByteArrayOutputStream();
        print.accept(new TextPrinter(new PrintStream(bytes, true, charset), paint));
        return bytes.toString(charset);
    }

    private static String json(Consumer<Printer> print) {
        var bytes = new ByteArrayOutputStream();
        print.accept(new JsonPrinter(new PrintStream(bytes, true, UTF_8)));
        return bytes.toString(UTF_8);
    }

    @Test
    void aBackupReadsWell() {
        assertThat(text(printer -> printer.backup(new BackupRequest(false), results.backup)))
                .isEqualToNormalizingNewlines("""
                        SEALED  backup 20261122T031500Z-7f3a

                        Data        1,234,567 documents in 12 collections, 2.4 GiB
                        Shows       2026-11-22T03:15:00Z (cluster time 1795317300,4)
                        Stored      500.0 MiB, 125.0 MiB of it new; 30 of 40 segments already there
                        Took        1m03s, 40.0 MiB/s (went on after an interruption)
                        Left out    shop.cache
                        Record      evidence/default/000000000007.json
                        Report      /state/reports/7.html
                        """);
    }

    @Test
    void aRestoreReadsWell() {
        assertThat(text(printer -> printer.restore(RESTORE, results.restore))).isEqualToNormalizingNewlines("""
                        PROVEN  backup 20261122T031500Z-7f3a
                        RTO         4m12s of 15m allowed: met
                        RPO         1h, no target is set

                          guard         0.4s  ░░░░░░░░░░░░░░░░░░░░
                          load         3m01s  ████████████████████
                          verify       1m11s  ████████░░░░░░░░░░░░

                        Data        1,234,567 documents in 1 collection
                        Proof       12 of 12 digests equal
                        Not tested  users and roles
                        Run         run-1
                        Record      evidence/default/000000000008.json
                        Report      /state/reports/8.html
                        """);
    }

    @Test
    void barsAreDrawnInWhatTheTerminalCanShow() {
        assertThat(text(US_ASCII, Paint.PLAIN, printer -> printer.restore(RESTORE, results.restore)))
                .contains("########............")
                .doesNotContain("?");
    }

    @Test
    void aRehearsedRestoreSaysThatNothingWasWritten() {
        var plan = new RestoreResult(
                "",
                "b1",
                "PLANNED",
                new Rto(0, null, null),
                null,
                List.of(),
                5,
                2,
                0,
                0,
                List.of(),
                "",
                "",
                false,
                RestoreScope.WHOLE,
                null);
        assertThat(text(printer -> printer.restore(REHEARSED, plan))).isEqualToNormalizingNewlines("""
                        PLANNED  backup b1 would be restored; nothing was written

                        Data        5 documents in 2 collections
                        """);
    }

    @Test
    void aRestoreToAMomentSaysWhichAndWhatProvesIt() {
        var point = new RestoreResult.Point(
                "before-last-drop",
                "the entry before drop of shop.orders at 7,2",
                "7,1",
                Instant.ofEpochSecond(7),
                1_234,
                "base digests + strict replay");
        var restored = new RestoreResult(
                "r",
                "b",
                "PASSED",
                new Rto(3, null, null),
                null,
                List.of(),
                0,
                0,
                2,
                2,
                List.of(),
                "",
                "",
                false,
                RestoreScope.WHOLE,
                point);
        assertThat(text(printer -> printer.restore(RESTORE, restored))).contains("""
                        Asked for   before-last-drop, the entry before drop of shop.orders at 7,2
                        Moment      1970-01-01T00:00:07Z (cluster time 7,1); 1,234 entries after the backup
                        Proven by   base digests + strict replay
                        """);
    }

    @Test
    void provenIsSaidOnlyOfWhatWasCompared() {
        var unproven = new RestoreResult(
                "r",
                "b",
                "PASSED",
                new Rto(3, null, null),
                null,
                List.of(new PhaseLine("load", 0)),
                0,
                0,
                0,
                0,
                List.of(),
                "",
                "",
                true,
                RestoreScope.WHOLE,
                null);
        assertThat(text(printer -> printer.restore(RESTORE, unproven)))
                .startsWith("PASSED")
                .contains("3.0s, no target is set (went on after an interruption)", "Not tested  nothing");
        var inconclusive = new RestoreResult(
                "r",
                "b",
                "INCONCLUSIVE",
                new Rto(3, null, null),
                null,
                List.of(),
                0,
                0,
                2,
                2,
                List.of(),
                "",
                "",
                true,
                RestoreScope.WHOLE,
                null);
        assertThat(text(printer -> printer.restore(RESTORE, inconclusive))).startsWith("INCONCLUSIVE");
        var refuted = FakeOperations.restored(new Rto(1, 2.0, true), 11);
        assertThat(text(UTF_8, Paint.COLOR, printer -> printer.restore(RESTORE, refuted)))
                .startsWith("\u001b[1;31mREFUTED\u001b[0m")
                .contains("\u001b[1;31m11 of 12 digests equal\u001b[0m");
    }

    @Test
    void aRestoreOfAPartSaysWhatIsMissingAndWhatWasRenamed() {
        List<String> many = IntStream.range(10, 25).mapToObj(i -> "log.c" + i).toList();
        var scope = new RestoreScope(true, many, Map.of("shop.orders", "copy.orders"));
        RestoreResult some = FakeOperations.restored(new Rto(252.4, 900.0, true), 12, scope);
        assertThat(text(printer -> printer.restore(RESTORE, some)))
                .startsWith("PROVEN IN PART  backup 20261122T031500Z-7f3a")
                .contains(
                        "Left out    log.c10, log.c11, ",
                        "log.c19 and 5 more, see the record\n",
                        "Renamed     shop.orders to copy.orders\n");
        assertThat(text(printer -> printer.restore(REHEARSED, some)))
                .contains("Left out    log.c10", "Renamed     shop");
        assertThat(json(printer -> printer.restore(RESTORE, some)))
                .contains("\"scope\":{\"partial\":true,\"leftOut\":[\"log.c10\",")
                .endsWith("\"renamed\":{\"shop.orders\":\"copy.orders\"}},\"point\":null}" + System.lineSeparator());
    }

    @Test
    void aVerificationReadsWell() {
        assertThat(text(printer -> printer.verify(results.verify))).isEqualToNormalizingNewlines("""
                        SOUND  backup 20261122T031500Z-7f3a

                        Objects     44 of 44 sound
                        Read        500.0 MiB in 5.0s, 100.0 MiB/s
                        Run         run-2
                        Record      evidence/default/000000000009.json
                        Report      /state/reports/9.html
                        """);
        assertThat(text(printer -> printer.verify(FakeOperations.verified(List.of("a/b", "c/d")))))
                .startsWith("FAILED")
                .contains("Damaged     a/b\nDamaged     c/d\n");
    }

    @Test
    void backupsAreATable() {
        assertThat(text(printer -> printer.backups(List.of(FakeOperations.LINE))))
                .isEqualToNormalizingNewlines("""
                        BACKUP                 STATE   CREATED               SOURCE  COLLECTIONS  DOCUMENTS      RAW     STORED
                        20261122T031500Z-7f3a  PROVEN  2026-11-22T03:15:00Z  orders           12  1,234,567  2.4 GiB  500.0 MiB
                        """);
        assertThat(text(printer -> printer.backups(List.of()))).startsWith("No backups in this store yet");
        assertThat(text(UTF_8, Paint.COLOR, printer -> printer.backups(List.of(FakeOperations.LINE))))
                .contains("\u001b[1;32mPROVEN\u001b[0m  2026");
    }

    @Test
    void whatIsSaidAboutABackupStandsBehindItsLine() {
        var line = FakeOperations.LINE;
        var noted = new BackupLine(
                "20261121T031500Z-7f3a",
                line.state(),
                line.source(),
                line.createdAt(),
                line.consistencyPoint(),
                line.documents(),
                line.bytesRaw(),
                line.bytesStored(),
                line.collections(),
                "case 7",
                Instant.parse("2026-11-26T03:15:00Z"),
                new BackupLine.SyntheticLine("20261101T031500Z-0001", 12_345));
        assertThat(text(printer -> printer.backups(List.of(line, noted))))
                .contains(
                        "500.0 MiB\n",
                        "500.0 MiB  synthetic: out of 20261101T031500Z-0001 and 12,345 entries; held: case 7; marked, deleted after 2026-11-26T03:15:00Z\n");
    }

    @Test
    void aPruneReadsWell() {
        assertThat(text(printer -> printer.prune(results.prune))).isEqualToNormalizingNewlines("""
                        PRUNED  1 backup deleted, 1 marked

                          b1  DELETE  no rule keeps it; deleted after 2026-11-23T00:00:00Z
                          b2  KEEP    held: case 7
                          b3  KEEP    the last proven backup

                        Unmarked    b2
                        Segments    12 deleted, 2.0 MiB
                        Orphans     3 without a backup, deleted later unless taken up
                        Oplog       40 slices deleted, 1.0 MiB
                        Seals       4 deleted
                        Unlinked    2 slices without a link deleted, 1 seen, deleted later unless linked
                        Refused     1 deletion refused by the store, which is its right under Object Lock; tried again next time
                                      sources/orders/backups/b9/plan: ObjectLocked
                        Record      evidence/default/000000000010.json
                        Report      /state/reports/10.html
                        """);
    }

    @Test
    void aRehearsedPruneSaysThatNothingWasDone() {
        assertThat(text(printer -> printer.prune(FakeOperations.pruned(true, "keep"))))
                .startsWith("DRY RUN  0 backups would be deleted, 1 would be marked; nothing was")
                .doesNotContain("Segments", "Refused", "Record");
    }

    @Test
    void aHoldReadsWell() {
        assertThat(text(printer -> printer.hold(new HoldResult("b1", true, "case 7", "evidence/default/11.json"))))
                .isEqualToNormalizingNewlines("""
                        HELD  backup b1 is kept from every deletion
                        Reason      case 7
                        Record      evidence/default/11.json
                        """);
        assertThat(text(printer -> printer.hold(new HoldResult("b1", false, "closed", ""))))
                .startsWith("RELEASED  backup b1 may be deleted again");
    }

    @Test
    void thePruneDocumentHasTheFieldsThatWerePromised() {
        assertThat(json(printer -> printer.prune(results.prune)))
                .isEqualToIgnoringNewLines("{\"schemaVersion\":1,\"source\":\"orders\",\"dryRun\":false,\"backups\":["
                        + "{\"backupId\":\"b1\",\"fate\":\"delete\",\"reason\":\"no rule keeps it\","
                        + "\"deletedAfter\":\"2026-11-23T00:00:00Z\"},"
                        + "{\"backupId\":\"b2\",\"fate\":\"keep\",\"reason\":\"held: case 7\",\"deletedAfter\":null},"
                        + "{\"backupId\":\"b3\",\"fate\":\"keep\",\"reason\":\"the last proven backup\",\"deletedAfter\":null}],"
                        + "\"marked\":[\"b1\"],\"unmarked\":[\"b2\"],\"deleted\":[\"b0\"],\"segmentsDeleted\":12,"
                        + "\"bytesDeleted\":2097152,\"orphansNoted\":3,"
                        + "\"oplogSlicesDeleted\":40,\"oplogBytesDeleted\":1048576,"
                        + "\"sealsDeleted\":4,\"slicesUnlinkedDeleted\":2,\"slicesUnlinkedNoted\":1,"
                        + "\"refused\":[{\"key\":\"sources/orders/backups/b9/plan\",\"answer\":\"ObjectLocked\"}],"
                        + "\"uncounted\":[],"
                        + "\"record\":\"evidence/default/000000000010.json\",\"report\":\"/state/reports/10.html\"}");
        assertThat(json(printer -> printer.hold(new HoldResult("b1", true, "case 7", "r"))))
                .isEqualToIgnoringNewLines("{\"schemaVersion\":1,\"backupId\":\"b1\",\"held\":true,"
                        + "\"reason\":\"case 7\",\"record\":\"r\"}");
    }

    @Test
    void aCleanedTargetReadsWell() {
        assertThat(text(printer -> printer.clean(results.clean))).isEqualToNormalizingNewlines("""
                        CLEAN  1 database dropped from staging
                        Databases   shop
                        Record      evidence/default/9.json
                        """);
        assertThat(text(printer -> printer.clean(new CleanResult("staging", List.of(), true, ""))))
                .isEqualToNormalizingNewlines("""
                        DRY RUN  0 databases would be dropped from staging; nothing was
                        Databases   none
                        """);
    }

    @Test
    void theDocumentsHaveTheFieldsThatWerePromised() {
        assertThat(json(printer -> printer.backup(new BackupRequest(false), results.backup)))
                .isEqualToIgnoringNewLines(
                        "{\"schemaVersion\":1,\"backupId\":\"20261122T031500Z-7f3a\",\"state\":\"sealed\","
                                + "\"consistencyPoint\":{\"t\":1795317300,\"i\":4},\"collections\":12,\"documents\":1234567,"
                                + "\"bytesRaw\":2621440000,\"bytesStored\":524288000,\"bytesUploaded\":131072000,\"segments\":40,\"segmentsReused\":30,"
                                + "\"seconds\":62.5,\"excluded\":[\"shop.cache\"],\"resumed\":true,"
                                + "\"record\":\"evidence/default/000000000007.json\",\"report\":\"/state/reports/7.html\","
                                + "\"unread\":{\"bytesRead\":0,\"segmentsUntouched\":0,\"segmentsChanged\":0,\"documentsLookedUp\":0,"
                                + "\"segmentsReread\":0,\"segmentsEqual\":0,\"how\":\"\"}}");
        assertThat(json(printer -> printer.restore(RESTORE, results.restore)))
                .isEqualToIgnoringNewLines(
                        "{\"schemaVersion\":1,\"runId\":\"run-1\",\"backupId\":\"20261122T031500Z-7f3a\","
                                + "\"outcome\":\"PASSED\",\"rto\":{\"actualSeconds\":252.4,\"targetSeconds\":900.0,\"met\":true,\"scope\":null},"
                                + "\"rpo\":{\"actualSeconds\":3600.0,\"targetSeconds\":null,\"met\":null},"
                                + "\"phases\":[{\"name\":\"guard\",\"seconds\":0.4},{\"name\":\"load\",\"seconds\":181.0},"
                                + "{\"name\":\"verify\",\"seconds\":71.0}],\"documents\":1234567,\"collections\":1,"
                                + "\"digestsCompared\":12,\"digestsEqual\":12,\"notTested\":[\"users and roles\"],"
                                + "\"record\":\"evidence/default/000000000008.json\",\"report\":\"/state/reports/8.html\","
                                + "\"resumed\":false,\"scope\":{\"partial\":false,\"leftOut\":[],\"renamed\":{}},\"point\":null}");
        assertThat(json(printer -> printer.verify(results.verify)))
                .startsWith("{\"schemaVersion\":1,\"runId\":\"run-2\",\"backupId\":")
                .contains("\"objectsChecked\":44,\"objectsSound\":44,\"bytesRead\":524288000,\"seconds\":5.0");
        assertThat(json(printer -> printer.backups(List.of(FakeOperations.LINE))))
                .startsWith(
                        "{\"schemaVersion\":1,\"backups\":[{\"backupId\":\"20261122T031500Z-7f3a\",\"state\":\"proven\","
                                + "\"source\":\"orders\",\"createdAt\":\"2026-11-22T03:15:00.123Z\",\"consistencyPoint\":{\"t\":");
        assertThat(json(printer -> printer.clean(results.clean)))
                .isEqualToIgnoringNewLines(
                        "{\"schemaVersion\":1,\"target\":\"staging\",\"databasesDropped\":[\"shop\"],"
                                + "\"dryRun\":false,\"record\":\"evidence/default/9.json\"}");
    }

    @Test
    void aRecoveryTimeThatCouldBeTakenForMoreSaysWhatItIsOf() {
        var result = FakeOperations.restored(new Rto(1.5, 2.0, true, "of a stand-in"), 12);
        assertThat(text(printer -> printer.restore(RESTORE, result)))
                .contains("1.5s of 2.0s allowed: met; of a stand-in");
        assertThat(json(printer -> printer.restore(RESTORE, result))).contains("\"scope\":\"of a stand-in\"");
    }

    @Test
    void aRestoreWithoutATargetSaysNullForIt() {
        var result = FakeOperations.restored(new Rto(1.5, null, null), 12);
        assertThat(json(printer -> printer.restore(RESTORE, result)))
                .contains("\"rto\":{\"actualSeconds\":1.5,\"targetSeconds\":null,\"met\":null,\"scope\":null}");
    }

    @Test
    void theRecoveryPointIsJudgedBesideTheRecoveryTime() {
        var result = FakeOperations.restored(new Rto(1.5, null, null), new Rpo(5, 60.0, true), 12, RestoreScope.WHOLE);
        assertThat(text(printer -> printer.restore(RESTORE, result)))
                .contains("RTO         1.5s, no target is set\nRPO         5.0s of 1m allowed: met\n");
        assertThat(json(printer -> printer.restore(RESTORE, result)))
                .contains("\"rpo\":{\"actualSeconds\":5.0,\"targetSeconds\":60.0,\"met\":true}");
    }
}
