package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is gone by is what was verified, whatever the store answers after that. */
class VerifiedEntriesTest {
    @Test
    void everyRecordIsReadOnceAndWhatIsKeptIsWhatWasVerified() {
        var sample = new SampleLedger(5);
        sample.approve(2, "jane", SampleLedger.APPROVER);
        List<String> digests =
                sample.ledger.newestEntries().map(LedgerEntry::sha256).toList();
        sample.store.changing = key -> key.endsWith(".dsse.json");

        VerifiedEntries entries = VerifiedEntries.read(sample.verification(), _ -> true);

        assertThat(entries.verdict().isSound()).isTrue();
        assertThat(entries.newestFirst()).extracting(LedgerEntry::sha256).containsExactlyElementsOf(digests);
        assertThat(sample.ledger.size()).isEqualTo(6);
        assertThatThrownBy(() -> sample.ledger.newestEntries().toList())
                .as("the store answers otherwise now")
                .isInstanceOf(Failure.class);
    }

    @Test
    void whatIsNotWantedIsNotKept() {
        var sample = new SampleLedger(5);
        sample.approve(2, "jane", SampleLedger.APPROVER);
        assertThat(VerifiedEntries.read(sample.verification(), entry -> entry.kind() == EntryKind.APPROVAL)
                        .newestFirst())
                .extracting(LedgerEntry::seq)
                .containsExactly(6L);
    }

    @Test
    void ofALedgerThatIsNotSoundNothingIsTold() {
        var sample = new SampleLedger(5);
        sample.store.objects.remove("evidence/shop-prod/000000000003.dsse.json");
        VerifiedEntries entries = VerifiedEntries.read(sample.verification(), _ -> true);
        assertThat(entries.verdict().isSound()).isFalse();
        assertThatThrownBy(entries::newestFirst).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLedgerOfNothingHasNoSize() {
        assertThat(new SampleLedger(new HeapStore()).ledger.size()).isZero();
    }
}
