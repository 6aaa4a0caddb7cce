package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ledger from the command line. A run that cannot reach its source leaves a record like any other. */
class EvidenceCommandsTest {
    private static final String NOBODY = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void callFromAnEmptyDirectory() {
        call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", NOBODY).with("FIREDRILL_OPERATOR", "ada");
    }

    private void runs(int count) {
        for (int i = 0; i < count; i++) {
            call.fail(40, "backup");
        }
    }

    private JsonNode json(String... arguments) {
        call.succeed(Stream.concat(Stream.of(arguments), Stream.of("--output", "json"))
                .toArray(String[]::new));
        return JsonMapper.shared().readTree(call.out());
    }

    private Path state() {
        return directory.resolve("state").resolve(EvidenceKeys.PRIVATE_KEY);
    }

    @Test
    void theFirstRunMakesAKeyAndSaysSoAndEveryRunPrintsItsCheckpoint() throws IOException {
        runs(1);
        assertThat(call.err()).containsPattern("notice: made the key [0-9a-f]{64} to sign ledger default with");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state())))
                .isEqualTo("rw-------");
        assertThat(call.err()).doesNotContain(Files.readAllLines(state()).get(1));
        assertThat(call.err()).containsPattern("(?m)^checkpoint 1 [0-9a-f]{64} ledger default$");
        runs(1);
        assertThat(call.err())
                .doesNotContain("notice:")
                .containsPattern("(?m)^checkpoint 2 [0-9a-f]{64} ledger default$");
    }

    @Test
    void aRunWhoseKeyIsNotTheLedgersIsRefusedBeforeItBegins() throws IOException {
        runs(1);
        call.with("FIREDRILL_STATE_DIR", directory.resolve("another").toString());
        RealCall.Told missing = call.fail(43, "backup");
        assertThat(missing.message()).contains("ledger default is signed with the key", "evidence-key is not set");
        call.succeed("evidence", "keys", "create", "--out", "other");
        Path other = directory.resolve("other").resolve(EvidenceKeys.PRIVATE_KEY);
        assertThat(call.fail(43, "backup", "--evidence-key", other.toString()).message())
                .contains("and the one given is");
        try (Stream<Path> runs = Files.walk(call.store().resolve("runs"))) {
            assertThat(runs).noneMatch(Files::isRegularFile);
        }
        assertThat(json("evidence", "list").path("records")).hasSize(1);
        // Another ledger takes another key, and says where the first one ended.
        call.fail(40, "backup", "--evidence-key", other.toString(), "--ledger", "next");
        JsonNode first = json("evidence", "show", "1", "--ledger", "next");
        assertThat(first.at("/statement/predicate/ledgers/0/ledger").asString()).isEqualTo("default");
    }

    @Test
    void aKeyFileThatIsNoneIsRefused() throws IOException {
        Path file = directory.resolve("key.pem");
        assertThat(call.fail(43, "backup", "--evidence-key", file.toString()).message())
                .contains("cannot be read");
        Files.writeString(file, "no key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(call.fail(43, "backup", "--evidence-key", file.toString()).message())
                .contains("is no private Ed25519 key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(call.fail(43, "backup", "--evidence-key", file.toString()).message())
                .contains("everybody on this machine may read");
        assertThat(call.store()).doesNotExist();
    }

    @Test
    void aStateDirectoryThatTakesNoKeyIsToldBeforeTheRunBegins() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        call.with("FIREDRILL_STATE_DIR", file.resolve("state").toString());
        assertThat(call.fail(43, "backup").message()).contains("no key to sign evidence with could be made");
    }

    @Test
    void recordsAreListedShownAndVerified() {
        runs(3);
        JsonNode listed = json("evidence", "list", "--kind", "backup", "--limit", "2");
        assertThat(listed.path("records")).hasSize(2);
        assertThat(listed.path("more").asBoolean()).isTrue();
        assertThat(listed.at("/records/0/seq").asInt()).isEqualTo(3);
        assertThat(listed.at("/records/0/signed").asBoolean()).isTrue();
        assertThat(listed.at("/records/0/operator").asString()).isEqualTo("ada");
        assertThat(json("evidence", "list", "--since", "2999").path("records")).isEmpty();
        call.succeed("evidence", "list");
        assertThat(call.out()).contains("SEQ", "backup", "FAILED", "ada", "yes");
        call.succeed("evidence", "list", "--kind", "seal");
        assertThat(call.out()).isEqualTo("No such record in ledger default.\n");
        call.succeed("evidence", "list", "--limit", "1");
        assertThat(call.out()).contains("There are more: see --limit.");

        JsonNode shown = json("evidence", "show", "2");
        assertThat(shown.at("/line/verdict").asString()).isEqualTo("FAILED");
        assertThat(shown.path("sealed").asString()).startsWith("2:");
        String id = shown.at("/statement/predicate/identity/recordId").asString();
        call.succeed("evidence", "show", id);
        assertThat(call.out())
                .contains(
                        "FAILED  record 2, backup",
                        "yes, with",
                        "runs/",
                        shown.path("sealed").asString());
        call.succeed("evidence", "show", "2", "--payload");
        assertThat(call.out()).startsWith("{\"_type\":\"https://in-toto.io/Statement/v1\"");
        call.succeed("evidence", "show", "2", "--raw");
        assertThat(call.out()).startsWith("{\"payloadType\":").endsWith("}]}\n");
        call.fail(2, "evidence", "show", "7");
        call.fail(2, "evidence", "list", "--limit", "0");

        call.succeed("evidence", "verify");
        assertThat(call.out())
                .startsWith("SOUND  ledger default, 3 records")
                .contains("signatures   3 of 3", "on first use");
    }

    @Test
    void aFaultIsShownAndEndsWithItsCode() throws IOException {
        runs(3);
        String kept = json("evidence", "show", "3").path("sealed").asString();
        Path log = Files.writeString(
                directory.resolve("kept.log"), "checkpoint " + kept.replace(':', ' ') + " ledger default\n");
        call.succeed("evidence", "verify", "--checkpoint", kept, "--checkpoint", log.toString());
        Files.delete(call.store().resolve("evidence/default/000000000003.dsse.json"));
        Files.delete(call.store().resolve("evidence/default/checkpoints/000000000003.dsse.json"));
        call.succeed("evidence", "verify");
        RealCall.Told cut = call.fail(12, "evidence", "verify", "--checkpoint", "kept.log");
        assertThat(cut.message()).contains("1 fault in ledger default", "records were cut off");
        assertThat(call.out()).startsWith("FAULTY");
        Path first = call.store().resolve("evidence/default/000000000001.dsse.json");
        Files.writeString(first, Files.readString(first).replace("\"sig\":\"", "\"sig\":\"A"));
        call.fail(12, "evidence", "verify");
        assertThat(call.out()).contains("signatures   1 of 2", "Fault");
        call.fail(2, "evidence", "verify", "--checkpoint", "nowhere.log");
        call.fail(2, "evidence", "verify", "--period", "2026-13");
    }

    @Test
    void anotherPersonApprovesARunAndItsOperatorMayNot() {
        runs(2);
        call.succeed("evidence", "keys", "create", "--out", "grace");
        String key =
                directory.resolve("grace").resolve(EvidenceKeys.PRIVATE_KEY).toString();
        String[] approve = {"evidence", "approve", "1", "--role", "data owner", "--comment", "seen", "--key", key};
        assertThat(call.fail(30, approve).message()).contains("ada was the operator of run 1");
        call.with("FIREDRILL_OPERATOR", "grace");
        assertThat(call.fail(43, "evidence", "approve", "1", "--role", "x").message())
                .contains("no key to sign");
        assertThat(call.fail(30, "evidence", "approve", "1", "--role", "x", "--key", state().toString())
                        .message())
                .contains("signed with this very key");
        call.succeed(approve);
        assertThat(call.out()).contains("run 1 approved by grace");
        assertThat(call.err()).contains("checkpoint 3 ");
        call.succeed("evidence", "reject", "2", "--role", "owner", "--comment", "no", "--key", key);
        call.fail(2, "evidence", "approve", "3", "--role", "x", "--key", key);

        call.succeed("evidence", "list");
        assertThat(call.out())
                .contains("approved by grace (data owner)", "rejected by grace (owner)", "approved run 1");
        call.succeed("evidence", "show", "1");
        assertThat(call.out()).contains("Approval    approved by grace (data owner): seen");
        call.succeed("evidence", "show", "3");
        assertThat(call.out()).contains("Comment     seen");
        JsonNode verified = json("evidence", "verify");
        assertThat(verified.path("verdict").asString()).isEqualTo("SOUND");
        // The ledger goes on with its own key.
        call.with("FIREDRILL_OPERATOR", "ada");
        runs(1);
        call.fail(12, "evidence", "verify", "--root", "grace/" + EvidenceKeys.PRIVATE_KEY.replace("private", "public"));
    }

    @Test
    void theKeyIsRotatedAndTheOldOneIsRefusedFromThenOn() {
        call.succeed("evidence", "keys", "create", "--out", "next");
        String next =
                directory.resolve("next").resolve(EvidenceKeys.PRIVATE_KEY).toString();
        call.fail(2, "evidence", "keys", "rotate", "--to", next);
        runs(1);
        String old = json("evidence", "keys", "list").at("/keys/0/keyId").asString();
        call.succeed("evidence", "keys", "rotate", "--to", next);
        assertThat(call.out()).contains("the next record is signed with");
        call.fail(43, "backup");
        call.fail(40, "backup", "--evidence-key", next);
        call.fail(2, "evidence", "keys", "rotate", "--to", next, "--evidence-key", next);
        call.succeed("evidence", "keys", "list");
        assertThat(call.out()).contains(old + "  before    2 records signed", "in force  1 record signed");
        call.succeed("evidence", "keys", "pin", old, "--out", "pinned.pem");
        call.fail(2, "evidence", "keys", "pin", old, "--out", "pinned.pem");
        call.fail(2, "evidence", "keys", "pin", "00", "--out", "other.pem");
        call.succeed("evidence", "verify", "--root", "pinned.pem");
        assertThat(call.out()).contains("in pinned keys: " + old);
        call.succeed("evidence", "show", "2");
        assertThat(call.out()).contains("key-change");
        call.fail(2, "evidence", "keys", "create", "--out", "next");
    }

    /** The recipe of VERIFY.md covers the PDFs, and each is what the report of its record is. */
    @Test
    void aBundleHoldsEachReportAsAPdfUnderItsDigest() throws IOException, InterruptedException {
        runs(2);
        call.succeed("evidence", "bundle", "--out", "all.zip");
        call.succeed("evidence", "bundle", "--out", "again.zip");
        assertThat(directory.resolve("all.zip")).hasSameBinaryContentAs(directory.resolve("again.zip"));
        Path unpacked = unpacked("all.zip");
        assertThat(Files.readString(unpacked.resolve("VERIFY.md"))).contains("\nsha256sum -c --quiet SHA256SUMS\n");
        List<String> sums = Files.readAllLines(unpacked.resolve("SHA256SUMS"));
        for (int record = 1; record <= 2; record++) {
            String name = "reports/default/%012d.pdf".formatted(record);
            assertThat(sums).anyMatch(line -> line.endsWith("  " + name));
            call.succeed("report", "--record", "" + record, "--format", "pdf", "--out", "report-" + record);
            assertThat(unpacked.resolve(name))
                    .hasSameBinaryContentAs(directory.resolve("report-" + record + "/report.pdf"));
        }
        assertThat(sha256sum(unpacked)).isZero();
        Path second = unpacked.resolve("reports/default/000000000002.pdf");
        byte[] bytes = Files.readAllBytes(second);
        bytes[bytes.length / 2] ^= 1;
        Files.write(second, bytes);
        assertThat(sha256sum(unpacked)).isEqualTo(1);
    }

    private static int sha256sum(Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sha256sum", "-c", "--quiet", "SHA256SUMS")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private Path unpacked(String name) throws IOException {
        Path unpacked = directory.resolve("unpacked");
        try (var zip = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(directory.resolve(name))))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = unpacked.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
        return unpacked;
    }

    @Test
    void aBundleIsVerifiedOffline() throws IOException {
        runs(3);
        call.succeed("evidence", "bundle", "--out", "all.zip");
        assertThat(call.out()).contains("records 1 to 3 of ledger default");
        call.fail(2, "evidence", "bundle", "--out", "all.zip");
        call.fail(2, "evidence", "bundle", "--period", "1999", "--out", "none.zip");
        assertThat(directory.resolve("none.zip")).doesNotExist();
        var _ = unpacked("all.zip");
        call.with("FIREDRILL_STORE", "file:///nowhere").with("FIREDRILL_LEDGER", "other");
        call.succeed("evidence", "verify", "--dir", "unpacked");
        assertThat(call.out()).contains("SOUND  ledger default, 3 records", "not at hand");
    }

    @Test
    void theTableHasARowForEachRun() {
        call.with("FIREDRILL_OPERATOR", "=cmd|' /C calc'!A0");
        runs(1);
        call.succeed("evidence", "export");
        assertThat(call.out().lines()).hasSize(2).last().asString().contains("'=cmd|' /C calc'!A0");
        assertThat(json("evidence", "export", "--format", "json")
                        .at("/runs/0/seq")
                        .asInt())
                .isEqualTo(1);
        call.succeed("evidence", "list");
    }

    @Test
    void aWitnessKeepsCopiesOfCheckpoints() throws IOException {
        Path witness = directory.resolve("witness");
        call.with("FIREDRILL_WITNESS_STORE", witness.toUri().toString());
        runs(2);
        List<Path> copies;
        try (Stream<Path> files = Files.walk(witness.resolve("evidence/default/checkpoints"))) {
            copies = files.filter(Files::isRegularFile).toList();
        }
        assertThat(copies).hasSize(2);
        assertThat(json("evidence", "verify").at("/areas/4/population").asInt()).isEqualTo(2);
    }
}
