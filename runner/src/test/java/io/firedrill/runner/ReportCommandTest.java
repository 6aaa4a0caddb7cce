package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.QuarterLedger;
import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports from the command line, of a store in a directory with three runs and an approval. */
class ReportCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void aStoreWithAFewRuns() {
        call = new RealCall(directory);
        var ledger = new QuarterLedger(ObjectStores.directory(call.store()));
        ledger.at(1, 2);
        String backup = ledger.backup(1);
        ledger.at(1, 5);
        long drill = ledger.drill(1, backup, "").seq();
        ledger.approve(drill, true);
        ledger.at(2, 5);
        ledger.drill(1, backup, "verification");
    }

    private JsonNode json(String... arguments) {
        call.succeed(Stream.concat(Stream.of(arguments), Stream.of("--output", "json"))
                .toArray(String[]::new));
        return JsonMapper.shared().readTree(call.out());
    }

    @Test
    void aPeriodIsWrittenAsEverythingThereIs() throws IOException, NoSuchAlgorithmException {
        JsonNode told = json("report", "--period", "2026-10");
        Path folder = directory.resolve("firedrill-report-2026-10");
        assertThat(told.path("directory").asString()).isEqualTo(folder.toString());
        assertThat(told.path("verdict").asString()).isEqualTo("NOT PROVEN");
        assertThat(told.path("runs").asInt()).isEqualTo(3);
        assertThat(told.path("size").asInt()).isEqualTo(4);
        assertThat(told.path("files")
                        .valueStream()
                        .map(file -> file.path("name").asString()))
                .containsExactly("report.html", "report.pdf", "runs.csv", "report.json");
        for (JsonNode file : told.path("files")) {
            byte[] bytes = Files.readAllBytes(folder.resolve(file.path("name").asString()));
            assertThat(file.path("bytes").asLong()).isEqualTo(bytes.length);
            assertThat(file.path("sha256").asString())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
        JsonNode json = JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json")));
        assertThat(json.at("/ledger/root").asString())
                .isEqualTo(told.path("root").asString());
        assertThat(Files.readString(folder.resolve("runs.csv")).lines()).hasSize(4);
        assertThat(Files.readAllBytes(folder.resolve("report.pdf"))).startsWith("%PDF-".getBytes(UTF_8));
        assertThat(call.fail(2, "report", "--period", "2026-10").message()).contains("report.html cannot be written");
    }

    @Test
    void onlyWhatIsAskedForIsWritten() {
        call.succeed("report", "--period", "2026-10-01/2026-10-02", "--format", "csv,json", "--out", "there");
        assertThat(directory.resolve("there")).isDirectoryContaining("glob:**runs.csv");
        assertThat(directory.resolve("there").resolve("report.html")).doesNotExist();
        assertThat(call.out()).contains("2026-10-01/2026-10-02", "2 runs of ledger default", "runs.csv", "Written to");
        call.succeed("report", "--period", "2026", "--dry-run");
        assertThat(call.out()).contains("NOT PROVEN", "Would go to", "report.pdf");
        assertThat(directory.resolve("firedrill-report-2026")).doesNotExist();
    }

    @Test
    void whereOneFileIsInTheWayNoneIsWritten() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("there"));
        Files.writeString(folder.resolve("runs.csv"), "mine");
        call.fail(2, "report", "--period", "2026-10", "--out", "there");
        assertThat(folder.resolve("runs.csv")).hasContent("mine");
        assertThat(folder.resolve("report.html")).doesNotExist();
    }

    @Test
    void aLedgerWithAFaultGivesNoReport() throws IOException {
        Path record = call.store().resolve("evidence/default/000000000002.dsse.json");
        String text = Files.readString(record);
        Files.writeString(record, text.replaceFirst("\"sig\":\"..", "\"sig\":\"AA"));
        assertThat(call.fail(12, "report", "--period", "2026-10").message()).contains("in ledger default");
        assertThat(call.fail(12, "report", "--record", "3").message()).contains("in ledger default");
        assertThat(directory.resolve("firedrill-report-2026-10")).doesNotExist();
    }

    @Test
    void aPeriodWithoutRunsSaysSoAndOneThatHasNotBegunIsRefused() {
        JsonNode told = json("report", "--period", "2026-09", "--format", "json");
        assertThat(told.path("verdict").asString()).isEqualTo("NOTHING DRILLED");
        assertThat(told.path("runs").asInt()).isZero();
        assertThat(call.fail(2, "report", "--period", "2999-Q1").message()).contains("has not begun");
        assertThat(call.fail(2, "report", "--period", "2026-10", "--ledger", "other")
                        .message())
                .contains("holds no record");
        assertThat(call.fail(2, "report", "--period", "2026-11/2026-10").message())
                .contains("ends before it begins");
    }

    @Test
    void oneRunIsWrittenAsHtmlAndPdf() throws IOException {
        JsonNode told = json("report", "--record", "2");
        assertThat(told.path("verdict").asString()).isEqualTo("PROVEN");
        Path folder = directory.resolve("firedrill-report-run-2");
        assertThat(Files.readString(folder.resolve("report.html"))).contains("PROVEN");
        assertThat(Files.readAllBytes(folder.resolve("report.pdf"))).startsWith("%PDF-".getBytes(UTF_8));
        assertThat(call.fail(2, "report", "--record", "3").message()).contains("is no run: it says approval");
        call.fail(2, "report", "--record", "17");
        call.fail(2, "report", "--record", "2", "--format", "csv");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        call.fail(2, "report");
        call.fail(2, "report", "--period", "2026", "--record", "2");
        call.fail(2, "report", "--period", "2026", "--format", "doc");
        call.fail(2, "report", "--period", "2026", "--sign-off-days", "-1");
        call.fail(2, "report", "--period", "last week");
    }

    @Test
    void anExportGoesToAFileThatWasNotThere() throws IOException {
        call.succeed("evidence", "export", "--out", "runs.csv");
        assertThat(call.out()).isEmpty();
        String written = Files.readString(directory.resolve("runs.csv"));
        call.succeed("evidence", "export");
        assertThat(call.out()).isEqualTo(written);
        assertThat(call.fail(2, "evidence", "export", "--out", "runs.csv").message())
                .contains("cannot be written");
    }
}
