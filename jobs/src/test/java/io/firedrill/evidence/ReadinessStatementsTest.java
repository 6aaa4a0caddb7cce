package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.RecordSchema;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sign-offs, waivers and status updates in a ledger: written, read back, and verified. */
class ReadinessStatementsTest {
    private static final PlanDigest PLAN = new PlanDigest("readiness.yaml", "ab".repeat(32));

    private final SampleLedger ledger = new SampleLedger(3);

    private SignOff signOff(String approver, String owner, String ownReason, long seq) {
        LedgerEntry record = ledger.ledger.entry(seq);
        var proofs = List.of(
                new Proof("run: restore-drill", record.key(), record.sha256(), seq),
                new Proof("file: a.md", "a.md", "cd".repeat(32), 0));
        return new SignOff(
                PLAN,
                "migrations",
                List.of(new SignOff.OfTask("one", "PROVEN", owner, "bert", proofs)),
                approver,
                "auditor",
                "seen",
                ownReason);
    }

    private static Waiver waiver(String approver, String owner, String ownReason) {
        return new Waiver(
                PLAN,
                "one",
                "ef".repeat(32),
                owner,
                "bert",
                "no host yet",
                LocalDate.parse("2027-01-31"),
                approver,
                "",
                ownReason);
    }

    private LedgerEntry add(Declaration said, SigningKey key) {
        return ledger.writer(key).append(said).entry();
    }

    private LedgerVerdict.Area signOffs(LedgerVerdict verdict) {
        return verdict.areas().stream()
                .filter(area -> area.name().equals("sign-offs"))
                .findFirst()
                .orElseThrow();
    }

    private String fault() {
        List<LedgerVerdict.Fault> faults = signOffs(ledger.verify()).faults();
        assertThat(faults).hasSize(1);
        return faults.getFirst().problem();
    }

    @Test
    void whatWasSaidIsReadBackAndKeepsToItsSchema() {
        SignOff said = signOff("grace", "olga", "", 1);
        LedgerEntry signed = add(said, SampleLedger.APPROVER);
        assertThat(SignOff.of(signed)).isEqualTo(said);
        RecordSchema.SIGN_OFF.check(signed.payload());
        Waiver waiver = waiver("grace", "olga", "");
        LedgerEntry waived = add(waiver, SampleLedger.APPROVER);
        assertThat(Waiver.of(waived)).isEqualTo(waiver);
        RecordSchema.WAIVER.check(waived.payload());
        Publication update = Publication.of(PLAN, Map.of("one", "PROVEN"), "# Update", "ada");
        LedgerEntry published = add(update, SampleLedger.KEY);
        assertThat(Publication.of(published)).isEqualTo(update);
        RecordSchema.PUBLICATION.check(published.payload());
        assertThat(List.of(signed.word(), waived.word(), published.word()))
                .containsExactly("readiness-sign-off", "readiness-waiver", "readiness-publication");
        assertThat(List.of(signed.operator(), waived.operator(), published.operator()))
                .containsExactly("grace", "grace", "ada");
        assertThat(signed.statement().path("subject").findValuesAsString("name"))
                .containsExactly("readiness.yaml", ledger.ledger.entry(1).key());
    }

    @Test
    void theyAreCountedAndTheLedgersKeyStaysTheLedgers() {
        add(signOff("grace", "olga", "", 1), SampleLedger.APPROVER);
        add(waiver("grace", "olga", ""), SampleLedger.APPROVER);
        add(Publication.of(PLAN, Map.of(), "", "ada"), SampleLedger.KEY);
        ledger.append(1, SampleLedger.KEY);
        LedgerVerdict verdict = ledger.verify();
        assertThat(verdict.isSound()).as(verdict.toString()).isTrue();
        assertThat(signOffs(verdict).sound()).isEqualTo(2);
        assertThat(verdict.notes()).anyMatch(note -> note.startsWith("2 sign-offs and waivers are signed with keys"));
        assertThat(verdict.trust()).contains(SampleLedger.KEY.id());
        LedgerVerdict pinned = ledger.verification()
                .trusting(List.of(SampleLedger.KEY.publicKey(), SampleLedger.APPROVER.publicKey()))
                .verify();
        assertThat(pinned.isSound()).isTrue();
        LedgerVerdict stranger = ledger.verification()
                .trusting(List.of(SampleLedger.KEY.publicKey()))
                .verify();
        assertThat(signOffs(stranger).faults())
                .hasSize(2)
                .allMatch(fault -> fault.problem().contains("which is not pinned"));
    }

    @Test
    void aSignOffOfARecordThatIsNotThereAsItWasIsAFault() {
        SignOff honest = signOff("grace", "olga", "", 2);
        Proof record = honest.tasks().getFirst().evidence().getFirst();
        var other = new Proof(record.selector(), record.name(), "00".repeat(32), record.seq());
        add(
                new SignOff(
                        PLAN,
                        "migrations",
                        List.of(new SignOff.OfTask("one", "PROVEN", "olga", "bert", List.of(other))),
                        "grace",
                        "auditor",
                        "",
                        ""),
                SampleLedger.APPROVER);
        assertThat(fault()).isEqualTo("rests on record 2, which is not there as it was");
    }

    @Test
    void anOwnerJudgesTheirOwnWorkOnlyIfTheySayWhy() {
        add(signOff("Olga ", "olga", "", 1), SampleLedger.APPROVER);
        assertThat(fault()).isEqualTo("is by the owner of what it judges");
        Failure own = catchThrowableOfType(
                Failure.class, () -> signOff("Olga ", "olga", "", 1).requireFourEyes(SampleLedger.APPROVER, Set.of()));
        assertThat(own.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
        assertThat(own.text()).contains("owns what is to be judged in 'migrations'");
        signOff("olga", "olga", "nobody else is left", 1).requireFourEyes(SampleLedger.APPROVER, Set.of());
        assertThat(catchThrowableOfType(
                        Failure.class,
                        () -> waiver("olga", "olga", "").requireFourEyes(SampleLedger.APPROVER, Set.of())))
                .isNotNull();
    }

    @Test
    void whoStandsInForAnOwnerJudgesTheirOwnWorkNoMoreThanTheOwner() {
        assertThat(catchThrowableOfType(
                        Failure.class,
                        () -> signOff("Bert ", "olga", "", 1).requireFourEyes(SampleLedger.APPROVER, Set.of())))
                .isNotNull();
        assertThat(catchThrowableOfType(
                        Failure.class,
                        () -> waiver("bert", "olga", "").requireFourEyes(SampleLedger.APPROVER, Set.of())))
                .isNotNull();
        signOff("bert", "olga", "nobody else is left", 1).requireFourEyes(SampleLedger.APPROVER, Set.of());
        add(signOff("bert", "olga", "nobody else is left", 1), SampleLedger.APPROVER);
        assertThat(ledger.verify().isSound()).isTrue();
        add(waiver("bert", "olga", ""), SampleLedger.APPROVER);
        assertThat(fault()).isEqualTo("is by the owner of what it judges");
    }

    @Test
    void anOwnersReasonStandsInTheStatementAndIsNoFault() {
        add(waiver("olga", "olga", "nobody else is left"), SampleLedger.APPROVER);
        assertThat(ledger.verify().isSound()).isTrue();
    }

    @Test
    void aKeyOfTheLedgerItselfSignsNothingOff() {
        Failure same = catchThrowableOfType(
                Failure.class,
                () -> waiver("grace", "olga", "").requireFourEyes(SampleLedger.KEY, Set.of(SampleLedger.KEY.id())));
        assertThat(same.text()).contains("the key given signs the ledger itself");
        add(waiver("grace", "olga", ""), SampleLedger.KEY);
        assertThat(fault()).isEqualTo("is signed with a key of the ledger itself");
    }

    @Test
    void noPersonBeginsALedger() {
        var empty = new SampleLedger(0);
        Failure refused = catchThrowableOfType(
                Failure.class, () -> empty.writer(SampleLedger.APPROVER).append(waiver("grace", "olga", "")));
        assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(refused.text()).contains("is empty");
        empty.writer(SampleLedger.KEY).append(Publication.of(PLAN, Map.of(), "", "ada"));
        assertThat(empty.verify().isSound()).as("an update is the operator's").isTrue();
    }
}
