package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle is verified by what every machine has: a shell and openssl, and not a line of our code. */
class BundleTest {
    private static final int RECORDS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final SampleLedger ledger = new SampleLedger(RECORDS);

    @Test
    void twentyRecordsAreVerifiedByOpensslAlone() throws IOException, InterruptedException {
        unpack(Period.ALWAYS);
        Answer answer = verify(ledger.keep().size() + ":" + ledger.keep().root(), SampleLedger.KEY.id());
        assertThat(answer.out())
                .contains("signatures  20 of 20", "chain       20 of 20", "checkpoints 20 of 20", "SOUND")
                .doesNotContain("FAULT");
        assertThat(answer.code()).isZero();
        assertThat(verify(SigningKey.make().id()).code())
                .as("trusting another key")
                .isEqualTo(1);
    }

    /** Word by word what the guide tells to do by hand. */
    @Test
    void theGuidesRecipeForOneRecordHoldsForEachOfThem() throws IOException, InterruptedException {
        unpack(Period.ALWAYS);
        String guide = Files.readString(folder.resolve("VERIFY.md"));
        String recipe = guide.substring(guide.indexOf("f=evidence/"), guide.lastIndexOf("```"));
        int verified = 0;
        for (int record = 1; record <= RECORDS; record++) {
            Answer answer = run("sh", "-ec", recipe.replace("000000000001", "%012d".formatted(record)));
            assertThat(answer.code()).as(answer.out()).isZero();
            assertThat(answer.out()).contains("Signature Verified Successfully", SampleLedger.KEY.id());
            verified++;
        }
        System.out.printf("E10 verified by openssl %d/%d%n", verified, RECORDS);
        assertThat(run("sha256sum", "-c", "--quiet", "SHA256SUMS").code()).isZero();
    }

    @Test
    void theScriptFindsAFlippedBitARemovedRecordAndACutTail() throws IOException, InterruptedException {
        unpack(Period.ALWAYS);
        String kept = ledger.keep().size() + ":" + ledger.keep().root();
        Path seventh = folder.resolve("evidence/shop-prod/000000000007.dsse.json");
        byte[] honest = Files.readAllBytes(seventh);
        for (int position : List.of(5, 100, honest.length / 2, honest.length - 40, honest.length - 1)) {
            byte[] flipped = honest.clone();
            flipped[position] ^= 1;
            Files.write(seventh, flipped);
            assertThat(verify(kept).out()).contains("FAULT  evidence/shop-prod/000000000007.dsse.json", "NOT SOUND");
        }
        Files.delete(seventh);
        Answer removed = verify(kept);
        assertThat(removed.code()).isEqualTo(1);
        assertThat(removed.out()).contains("FAULT  evidence/shop-prod/000000000007.dsse.json is missing");
        Files.write(seventh, honest);

        Files.delete(folder.resolve("evidence/shop-prod/000000000020.dsse.json"));
        assertThat(verify().out()).contains("000000000020.dsse.json speaks of records that are not there");
        Files.delete(folder.resolve("evidence/shop-prod/checkpoints/000000000020.dsse.json"));
        assertThat(verify().code()).as("nobody kept a checkpoint").isZero();
        Answer cut = verify(kept);
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.out()).contains("speaks of more than 19 records: records were cut off");
    }

    @Test
    void theScriptFindsWhatWasWrittenAnewWithTheStolenKey() throws IOException, InterruptedException {
        String kept = "20:" + ledger.keep().root();
        var runs = ledger.statedFrom(11);
        ledger.cut(10);
        ledger.time.pass(1);
        ledger.forge(runs.reversed(), SampleLedger.KEY);
        unpack(Period.ALWAYS);
        assertThat(verify().code()).isZero();
        assertThat(verify(kept).out()).contains("has another root: records were rewritten");
    }

    @Test
    void aPeriodsRecordsFollowOnTheCheckpointBeforeThem() throws IOException, InterruptedException {
        ledger.approve(4, "grace", SampleLedger.APPROVER);
        SigningKey next = SigningKey.make();
        ledger.writer(SampleLedger.KEY).changeKey(next.publicKey(), "ada");
        ledger.append(2, next);

        LedgerBundle.Content content =
                unpack(new Period("from the fifth on", ledger.ledger.entry(5).at(), Period.ALWAYS.until()));
        assertThat(content.first()).isEqualTo(5);
        assertThat(content.last()).isEqualTo(24);
        assertThat(folder.resolve("evidence/shop-prod/000000000004.dsse.json")).doesNotExist();
        Answer answer = verify(
                ledger.keep().size() + ":" + ledger.keep().root(),
                "4:" + ledger.ledger.checkpoint(4).orElseThrow().root());
        assertThat(answer.out())
                .contains(
                        "records 5 to 24: 18 runs, 1 approvals, 1 changes of key, 0 sign-offs and waivers, 0 status updates",
                        "signatures  20 of 20",
                        "SOUND")
                .contains(SampleLedger.KEY.id(), SampleLedger.APPROVER.id(), next.id());
        assertThat(answer.code()).isZero();
        assertThat(verify("3:" + "0".repeat(64)).out()).contains("is of before this bundle");
    }

    @Test
    void theScriptCountsWaiversAndStatusUpdatesAndKnowsWhoseKeySignsWhat() throws IOException, InterruptedException {
        var plan = new PlanDigest("readiness.yaml", "ab".repeat(32));
        var until = LocalDate.parse("2027-01-31");
        ledger.writer(SampleLedger.APPROVER)
                .append(new Waiver(plan, "one", "cd".repeat(32), "olga", "bert", "later", until, "grace", "", ""));
        ledger.writer(SampleLedger.KEY).append(Publication.of(plan, Map.of(), "", "ada"));
        ledger.append(1, SampleLedger.KEY);
        unpack(Period.ALWAYS);
        Answer answer = verify(ledger.keep().size() + ":" + ledger.keep().root());
        assertThat(answer.out())
                .contains(
                        "21 runs, 0 approvals, 0 changes of key, 1 sign-offs and waivers, 1 status updates",
                        "signatures  23 of 23",
                        "SOUND");
        assertThat(answer.code()).isZero();
    }

    @Test
    void anEmptyPeriodIsNoBundle() {
        var nothing = new LedgerBundle(ledger.ledger, Period.of("1999"));
        Failure failure = catchThrowableOfType(Failure.class, () -> nothing.write(new ByteArrayOutputStream()));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
    }

    @Test
    void theSameRecordsGiveTheSameBytesUnderNamesThatLeadNowhereElse() throws IOException {
        assertThat(bytes(Period.ALWAYS)).isEqualTo(bytes(Period.ALWAYS));
        var names = new ArrayList<String>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes(Period.ALWAYS)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Za-z0-9][A-Za-z0-9._/-]*") && !name.contains(".."))
                .contains("VERIFY.md", "verify.sh", "ledger.csv", "SHA256SUMS", "reports/shop-prod/000000000001.html");
    }

    /** A report in the store may have been forged; the one in a bundle is made from the record. */
    @Test
    void aReportIsMadeAnewFromItsRecord() throws IOException {
        ledger.store.objects.put("reports/shop-prod/000000000003.html", "PROVEN".getBytes(StandardCharsets.UTF_8));
        unpack(Period.ALWAYS);
        assertThat(folder.resolve("reports/shop-prod/000000000003.html"))
                .content()
                .contains(">FAILED<", ledger.ledger.checkpoint(3).orElseThrow().copy());
    }

    @Test
    void aRecordWithoutACheckpointIsBundledToo() throws IOException, InterruptedException {
        ledger.store.objects.remove("evidence/shop-prod/checkpoints/000000000020.dsse.json");
        assertThat(unpack(Period.ALWAYS).checkpoint()).isEmpty();
        assertThat(verify().out()).contains("NOTE   record 20 has no checkpoint yet", "SOUND");
    }

    private byte[] bytes(Period period) throws IOException {
        var out = new ByteArrayOutputStream();
        new LedgerBundle(ledger.ledger, period).write(out);
        return out.toByteArray();
    }

    private LedgerBundle.Content unpack(Period period) throws IOException {
        var out = new ByteArrayOutputStream();
        LedgerBundle.Content content = new LedgerBundle(ledger.ledger, period).write(out);
        try (var zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
        return content;
    }

    private record Answer(int code, String out) {}

    private Answer verify(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", "verify.sh"));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray(String[]::new));
    }

    private Answer run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("bundle", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Answer(process.waitFor(), Files.readString(log));
    }
}
