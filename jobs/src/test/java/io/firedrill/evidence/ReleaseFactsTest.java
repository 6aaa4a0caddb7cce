package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReleaseFactsTest {
    @Test
    void aRecordOfAnEarlierVersionSaysNothingOfWhatThatDidNotKnow() {
        ReleaseFacts facts = Json.value(JsonMapper.shared().readTree("""
                {"tool": "mongock", "artefact": "a.jar", "artefactSha256": "ab", "database": "shop", "receipt": "r",
                 "restorePoint": "17,4", "endPoint": "", "changes": [
                   {"id": "a", "author": "ada", "codeHash": "h", "receipt": "r", "restorePoint": "17,4",
                    "plannedSeconds": null, "actualSeconds": 1.5, "end": "", "state": "", "done": false}]}
                """), "evidence/1", ReleaseFacts.class);
        assertThat(facts.limitSeconds()).isEmpty();
        OfChange change = facts.changes().getFirst();
        assertThat(change.exitCode()).isEmpty();
        assertThat(change.lagSeconds()).isEmpty();
        assertThat(change.process()).isEmpty();
        assertThat(change.actualSeconds()).contains(1.5);
    }

    @Test
    void whatWasNeverStartedIsAsItWasPlanned() {
        OfChange planned =
                OfChange.planned("a", "ada", "h", "r", Optional.of(2.0)).estimated(Optional.of(3.0));
        assertThat(planned.begunAt("17,4").ranBy("boot ns 1 2").unbegun()).isEqualTo(planned);
    }

    @Test
    void aPartOfASecondCountsAsOneWhereAChangeMayTakeSoLong() {
        var facts = new ReleaseFacts("mongock", "a.jar", "ab", "shop", "r", "", "", List.of());
        assertThat(facts.limitedTo(Duration.ofMillis(1)).limitSeconds()).contains(1L);
        assertThat(facts.limitedTo(Duration.ofSeconds(2)).between("17,4", "").limitSeconds())
                .contains(2L);
        assertThat(facts.limitedTo(Duration.ofMillis(2_001)).with(List.of()).limitSeconds())
                .contains(3L);
    }
}
