package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What a verification says, beside that something is wrong. */
class VerificationTest {
    private static final String MANIFEST = "sources/shop/backups/b1/manifest";

    private final SampleLedger ledger = new SampleLedger(4);

    @Test
    void itCountsEveryClassAndNamesTheRoot() {
        ledger.approve(1, "grace", SampleLedger.APPROVER);
        LedgerVerdict verdict = ledger.verify();
        assertThat(verdict.areas())
                .extracting(area -> area.name() + " " + area.sound() + "/" + area.population())
                .containsExactly(
                        "signatures 5/5",
                        "sequence 5/5",
                        "chain 5/5",
                        "checkpoints 5/5",
                        "kept copies 0/0",
                        "keys 2/2",
                        "artefacts 0/0",
                        "locks 0/0",
                        "approvals 1/1",
                        "sign-offs 0/0");
        assertThat(verdict.root()).isEqualTo(ledger.keep().root());
        assertThat(verdict.notes())
                .contains("1 approvals are signed with keys that nobody pinned: who holds them is not known here");
    }

    @Test
    void anEmptyLedgerIsSoundUnlessSomebodyKeptACheckpoint() {
        var empty = new SampleLedger(0);
        assertThat(empty.verify().isSound()).isTrue();
        assertThat(empty.verify().trust()).isEqualTo("in nobody: there is no first record");
        assertThat(empty.verification().against(List.of(ledger.keep())).verify().isSound())
                .isFalse();
    }

    /** Whoever may approve may not vouch for the ledger. */
    @Test
    void anApproversKeyAloneIsNoReasonToTrustALedger() {
        ledger.approve(1, "grace", SampleLedger.APPROVER);
        LedgerVerdict verdict = ledger.verification()
                .trusting(List.of(SampleLedger.APPROVER.publicKey()))
                .verify();
        assertThat(problems(verdict)).containsExactly("is signed by none of the keys that were pinned");
        assertThat(verdict.trust()).isEqualTo("in nobody: no pinned key has signed anything here");
    }

    @Test
    void aFaultNamesItsObject() {
        ledger.store.objects.remove("evidence/shop-prod/000000000002.dsse.json");
        ledger.store.objects.remove("evidence/shop-prod/checkpoints/000000000001.dsse.json");
        ledger.store.objects.put("evidence/shop-prod/note.txt", new byte[] {1});
        ledger.store.objects.put("evidence/shop-prod/checkpoints/000000000099.dsse.json", new byte[] {1});
        LedgerVerdict verdict =
                ledger.verification().against(List.of(ledger.keep())).verify();
        assertThat(verdict.root()).isEmpty();
        assertThat(verdict.areas().stream().flatMap(area -> area.faults().stream()))
                .extracting(fault -> fault.object().replace("evidence/shop-prod/", "") + " " + fault.problem())
                .contains(
                        "000000000002.dsse.json is missing",
                        "000000000003.dsse.json follows on a record that is missing",
                        "note.txt does not belong into a ledger",
                        "checkpoints/000000000001.dsse.json is missing",
                        "checkpoints/000000000002.dsse.json names another checkpoint before it than the one there is",
                        "checkpoints/000000000003.dsse.json cannot be compared, since a record up to there is missing or broken",
                        "checkpoints/000000000004.dsse.json cannot be compared",
                        "checkpoints/000000000099.dsse.json covers records that are not there: the newest one is 4",
                        "a note on paper (4) cannot be compared: a record up to there is missing or broken");
    }

    /** Everything fits, and only the signatures show that the ledger's key was never used. */
    @Test
    void whoOnlyClaimsToHaveSignedIsFoundByTheSignatureAlone() {
        SigningKey other = SigningKey.make();
        ObjectNode run = SampleLedger.run(0);
        Tip tip = Tip.of(ledger.ledger.checkpoint(4).orElseThrow());
        byte[] payload = ledger.writer(SampleLedger.KEY)
                .following(tip, "claimed", EntryKind.RUN, run)
                .payload();
        byte[] record = claimed(Envelope.signed(Statement.PAYLOAD_TYPE, payload, other), other);
        Checkpoint over = Checkpoint.signed(
                "shop-prod",
                tip.range().with(CompactRange.leaf(payload)),
                Hashes.sha256Hex(record),
                tip.checkpoint(),
                SampleLedger.KEY.id(),
                ledger.time.now(),
                other);
        ledger.store.objects.put("evidence/shop-prod/000000000005.dsse.json", record);
        ledger.store.objects.put(
                "evidence/shop-prod/checkpoints/000000000005.dsse.json", claimed(over.envelope(), other));
        assertThat(ledger.verify().areas().stream().flatMap(area -> area.faults().stream()))
                .extracting(fault -> fault.object().replace("evidence/shop-prod/", "") + " " + fault.problem())
                .containsExactly(
                        "000000000005.dsse.json is not signed by the key that it names",
                        "checkpoints/000000000005.dsse.json is not signed by the key that it names");
    }

    private static byte[] claimed(Envelope envelope, SigningKey signer) {
        String text = new String(envelope.bytes(), StandardCharsets.US_ASCII);
        return text.replace(signer.id(), SampleLedger.KEY.id()).getBytes(StandardCharsets.US_ASCII);
    }

    /** Signed and covered as it should be, by the holder of the key: only the chain tells. */
    @Test
    void aRecordThatNamesAnotherPredecessorIsFoundByTheChainAlone() {
        Tip tip = Tip.of(ledger.ledger.checkpoint(4).orElseThrow());
        var elsewhere = new Tip(tip.range(), "0".repeat(64), tip.checkpoint(), tip.keyInForce());
        LedgerWriter writer = ledger.writer(SampleLedger.KEY);
        LedgerEntry entry = writer.following(elsewhere, "elsewhere", EntryKind.RUN, SampleLedger.run(0));
        ledger.store.objects.put(entry.key(), entry.bytes());
        writer.seal(tip, entry);
        assertThat(problems(ledger.verify())).containsExactly("names another predecessor than the one there is");
    }

    /** The newest checkpoint, signed and in its place, but over other records. */
    @Test
    void aCheckpointOverOtherRecordsIsFoundByItsRootAlone() {
        Tip before = Tip.of(ledger.ledger.checkpoint(3).orElseThrow());
        Checkpoint other = Checkpoint.signed(
                "shop-prod",
                before.range().with(CompactRange.leaf(new byte[] {1})),
                ledger.ledger.entry(4).sha256(),
                before.checkpoint(),
                SampleLedger.KEY.id(),
                ledger.time.now(),
                SampleLedger.KEY);
        ledger.store.objects.put("evidence/shop-prod/checkpoints/000000000004.dsse.json", other.bytes());
        assertThat(problems(ledger.verify())).containsExactly("has another root than the records that are there");
    }

    @Test
    void aKeyThatIsNotInTheLedgerVouchesForNothing() {
        ledger.store.objects.remove("evidence/shop-prod/keys/" + SampleLedger.KEY.id() + ".pem");
        assertThat(problems(ledger.verify()))
                .contains("names the key %s, which is not in the ledger".formatted(SampleLedger.KEY.id()));
        ledger.store.objects.put(
                "evidence/shop-prod/keys/" + SampleLedger.KEY.id() + ".pem", "no key".getBytes(StandardCharsets.UTF_8));
        assertThat(problems(ledger.verify())).contains("is not the public key it is named after");
    }

    @Test
    void aChangeToAKeyThatItDoesNotHoldIsFound() {
        SigningKey next = SigningKey.make();
        ObjectNode change = Json.object()
                .put("from", SampleLedger.KEY.id())
                .put("to", next.id())
                .put("publicKey", SampleLedger.APPROVER.publicKey().pem())
                .put("operator", "mallory")
                .put("timeCreated", "2026-11-28T10:00:00Z");
        Tip tip = Tip.of(ledger.ledger.checkpoint(4).orElseThrow());
        LedgerWriter writer = ledger.writer(SampleLedger.KEY);
        LedgerEntry entry = writer.following(tip, "r", EntryKind.KEY_CHANGE, change);
        ledger.store.objects.put(entry.key(), entry.bytes());
        writer.seal(tip, entry);
        assertThat(problems(ledger.verify())).contains("changes to a key that it does not hold");
    }

    @Test
    void anApprovalIsByAnotherPersonWithAnotherKeyOfARecordThatIsThere() {
        ledger.approve(1, " Ada@Shop.example ", SampleLedger.APPROVER);
        ledger.approve(2, "grace", SampleLedger.KEY);
        LedgerEntry approval = ledger.approve(3, "grace", SampleLedger.APPROVER);
        ledger.approve(approval.seq(), "grace", SampleLedger.APPROVER);
        var copy = new SampleLedger(1);
        copy.time.pass(1);
        copy.append(1, SampleLedger.KEY);
        ledger.writer(SampleLedger.APPROVER).append(new Approval(copy.ledger.entry(2), true, "grace", "owner", ""));
        assertThat(problems(ledger.verify()))
                .containsExactly(
                        "is by the operator of the run",
                        "is signed with the key that signed the run",
                        "approves what is no run",
                        "approves a record that is not there");
        assertThat(problems(ledger.verification()
                        .trusting(List.of(SampleLedger.KEY.publicKey()))
                        .verify()))
                .contains("is signed with the key %s, which is not pinned".formatted(SampleLedger.APPROVER.id()));
    }

    @Test
    void whoApprovesIsNeitherOperatorNorHolderOfTheKey() {
        LedgerEntry run = ledger.ledger.entry(1);
        assertRefused(new Approval(run, true, "ADA@shop.example", "owner", ""), SampleLedger.APPROVER);
        assertRefused(new Approval(run, true, "grace", "owner", ""), SampleLedger.KEY);
        var approval = new Approval(ledger.approve(1, "grace", SampleLedger.APPROVER), true, "joan", "owner", "");
        Failure failure = catchThrowableOfType(Failure.class, () -> approval.requireFourEyes(SampleLedger.APPROVER));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        new Approval(run, true, "grace", "owner", "").requireFourEyes(SampleLedger.APPROVER);
    }

    private static void assertRefused(Approval approval, SigningKey key) {
        Failure failure = catchThrowableOfType(Failure.class, () -> approval.requireFourEyes(key));
        assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
    }

    @Test
    void anArtefactIsWhatTheRunSawOrWasDeletedByRetention() {
        byte[] manifest = "manifest".getBytes(StandardCharsets.UTF_8);
        cite(MANIFEST, Hashes.sha256Hex(manifest), "b1");
        assertThat(artefacts())
                .containsExactly("is missing, and no record of this ledger says that retention deleted it");
        ledger.store.objects.put(MANIFEST, manifest);
        assertThat(artefacts()).isEmpty();
        ledger.store.objects.put(MANIFEST, new byte[] {1});
        assertThat(artefacts()).containsExactly("is not what record 1 saw");

        ledger.store.objects.remove(MANIFEST);
        ObjectNode prune = SampleLedger.run(0);
        prune.withObject("/run").put("kind", "prune");
        prune.remove("backup");
        prune.withObject("/notes").put("deleted", "b0, b1");
        ledger.writer(SampleLedger.KEY).append(prune);
        assertThat(artefacts()).isEmpty();
        assertThat(new LedgerVerification(ledger.ledger).verify().notes())
                .contains(MANIFEST + " is gone: record 2 says that retention deleted it");
    }

    @Test
    void aNameThatIsNoKeyIsNeverLookedFor() {
        cite("../../etc/passwd", "00", "b1");
        assertThat(artefacts()).containsExactly("cites a manifest whose name is no key");
    }

    private void cite(String manifest, String sha256, String backupId) {
        ledger.cut(0);
        ObjectNode run = SampleLedger.run(0);
        run.withObject("/backup")
                .put("manifest", manifest)
                .put("manifestSha256", sha256)
                .put("backupId", backupId);
        ledger.writer(SampleLedger.KEY).append(run);
    }

    private List<String> artefacts() {
        return problems(new LedgerVerification(ledger.ledger).verify());
    }

    private static List<String> problems(LedgerVerdict verdict) {
        return verdict.areas().stream()
                .flatMap(area -> area.faults().stream())
                .map(LedgerVerdict.Fault::problem)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "2026, 2026-01-01, 2027-01-01",
        "2026-Q4, 2026-10-01, 2027-01-01",
        "2026-Q1, 2026-01-01, 2026-04-01",
        "2026-11, 2026-11-01, 2026-12-01",
        "2026-12-31, 2026-12-31, 2027-01-01"
    })
    void aPeriodIsAStretchOfTheCalendar(String text, String first, String after) {
        Period period = Period.of(text);
        Instant from = Instant.parse(first + "T00:00:00Z");
        Instant until = Instant.parse(after + "T00:00:00Z");
        assertThat(period.has(from)).isTrue();
        assertThat(period.has(from.minusMillis(1))).isFalse();
        assertThat(period.has(until.minusMillis(1))).isTrue();
        assertThat(period.has(until)).isFalse();
        assertThat(period.isAlways()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "26", "2026-Q5", "2026-13", "2026-02-30", "2026-Q1-01", "always"})
    void whatIsNoPeriodIsRefused(String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Period.of(text));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
    }

    @Test
    void aKeptCheckpointIsReadFromWhateverPeopleKeep() {
        Checkpoint checkpoint = ledger.ledger.checkpoint(4).orElseThrow();
        String line = "checkpoint 4 " + checkpoint.root() + " ledger shop-prod";
        String log = "checkpoint 9 " + "0".repeat(64) + " ledger other\n" + line + "\n";
        String page = HtmlReport.render(ledger.ledger.entry(4).run().orElseThrow(), checkpoint);
        for (String kept :
                List.of(checkpoint.copy(), line, log, page, new String(checkpoint.bytes(), StandardCharsets.UTF_8))) {
            List<KeptCheckpoint> read = KeptCheckpoint.parse(kept, "kept", "shop-prod");
            assertThat(read).containsExactly(new KeptCheckpoint("kept", 4, checkpoint.root()));
        }
        assertThat(catchThrowableOfType(Failure.class, () -> KeptCheckpoint.parse("17", "kept", "shop-prod"))
                        .text())
                .isEqualTo("kept holds no checkpoint");
    }

    @Test
    void aCheckpointThatContradictsItselfIsDamage() {
        String key = "evidence/shop-prod/checkpoints/000000000004.dsse.json";
        ObjectNode said =
                Json.read(ledger.ledger.checkpoint(4).orElseThrow().envelope().payload(), key);
        for (ObjectNode bad : List.of(
                said.deepCopy().put("root", "0".repeat(64)),
                said.deepCopy().put("size", 5),
                said.deepCopy().put("time", "yesterday"))) {
            byte[] bytes = Envelope.signed(Checkpoint.PAYLOAD_TYPE, Json.compact(bad), SampleLedger.KEY)
                    .bytes();
            ledger.store.objects.put(key, bytes);
            assertThat(problems(ledger.verify())).hasSize(1).first().asString().startsWith("the object " + key);
        }
        ledger.store.objects.put(key, ledger.ledger.entry(4).bytes());
        assertThat(problems(ledger.verify())).containsExactly("the object " + key + " holds no checkpoint");
    }

    @Test
    void approvalsAreTheOnesOfTheirRun() {
        ledger.approve(2, "grace", SampleLedger.APPROVER);
        ledger.writer(SampleLedger.APPROVER).append(new Approval(ledger.ledger.entry(2), false, "joan", "", "no"));
        var approvals = new Approvals();
        ledger.ledger.entries().forEach(approvals::add);
        assertThat(approvals.words(2)).isEqualTo("approved by grace (data owner); rejected by joan");
        assertThat(approvals.words(1)).isEmpty();
        assertThat(ledger.ledger.newest(run -> run.seq() > 2))
                .map(RunRecord::seq)
                .contains(4L);
        assertThat(Optional.of(ledger.ledger.entry(5)).map(LedgerEntry::word)).contains("approval");
    }
}
