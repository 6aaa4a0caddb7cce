package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import io.firedrill.migration.ReleaseHistory.Attempt;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which tools an earlier release started and did not see end. */
class ReleaseHistoryTest {
    private static OfChange change(String id) {
        return OfChange.planned(id, "", "", "r", Optional.of(1.0)).begunAt("17,4");
    }

    private static Attempt attempt(String run, OfChange... changes) {
        var facts = new ReleaseFacts("mongock", "app.jar", "ab", "shop", "r", "17,4", "", List.of(changes));
        return new Attempt(run, true, facts, Set.of(), "web-1");
    }

    @Test
    void aToolIsUnendedFromItsStartUntilTheRowsAreLookedAt() {
        OfChange started = change("b").ranBy("boot ns 4711 9");
        OfChange ended = change("a").ranBy("boot ns 4710 8").ended(Optional.of(2.0), "ended with 0", "APPLIED", true);
        var history = new ReleaseHistory(List.of(
                attempt("newest", ended, started, OfChange.planned("c", "", "", "r", Optional.empty())),
                attempt("older", change("a"))));

        assertThat(history.unended()).singleElement().satisfies(left -> {
            assertThat(left.change().id()).isEqualTo("b");
            assertThat(left.change().process()).isEqualTo("boot ns 4711 9");
            assertThat(left.by().runId()).isEqualTo("newest");
            assertThat(left.by().host()).isEqualTo("web-1");
        });
        assertThat(ended.process()).as("it stays in the record").isEqualTo("boot ns 4710 8");
        assertThat(started.begunAt("18,1").process()).as("begun once more").isEmpty();
    }
}
