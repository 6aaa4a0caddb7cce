package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Estimate;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.migration.Estimates.Size;
import io.firedrill.migration.ReleaseHistory.Attempt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** How long a change will take on the source: in proportion, and with what is known of how fast that is. */
class EstimatesTest {
    private static final Offset<Double> CLOSE = within(1e-9);
    private static final Map<String, Size> SIZES =
            Map.of("shop.orders", new Size(1_000, 50_000), "shop.customers", new Size(200, 9_000));

    private static OfChange change(String id, String... namespaces) {
        var measures = new Measures(4, Optional.empty(), 1, 1, 1, List.of(), List.of(namespaces));
        return new OfChange(
                id, "", "C", "", List.of(), namespaces.length == 0 ? Optional.empty() : Optional.of(measures));
    }

    private static RehearsalFacts facts(OfChange... changes) {
        return new RehearsalFacts("mongock", "", "app.jar", "ab", "shop", true, List.of(changes));
    }

    private static ReleaseFacts.OfChange applied(double planned, double actual) {
        return ReleaseFacts.OfChange.planned("x", "", "", "r", Optional.of(planned))
                .begunAt("1,1")
                .ended(Optional.of(actual), "ended with 0", "APPLIED", true);
    }

    private static Attempt attempt(boolean applying, ReleaseFacts.OfChange... changes) {
        var facts = new ReleaseFacts("mongock", "app.jar", "ab", "shop", "r", "1,1", "", List.of(changes));
        return new Attempt("run", applying, facts, Set.of());
    }

    private static Optional<Pace> pace(Attempt... attempts) {
        return Pace.of(new ReleaseHistory(List.of(attempts)));
    }

    private static Estimate only(RehearsalFacts facts) {
        return facts.changes().getFirst().estimate().orElseThrow();
    }

    private static Estimate estimate(Optional<Pace> pace) {
        return only(new Estimates(pace)
                .of(
                        facts(change("c", "shop.orders", "shop.customers")),
                        name -> SIZES.getOrDefault(name, Size.NOTHING)));
    }

    @Test
    void withoutAnEarlierReleaseItIsWhatTheCopyTookAndSaysThatNothingIsKnown() {
        Estimate estimate = estimate(Optional.empty());
        assertThat(estimate).isEqualTo(new Estimate(4, Optional.empty(), Optional.empty(), 1_200, 59_000, 0));
        assertThat(estimate.basis()).contains("no change has been applied to the source", "is not known");
    }

    @Test
    void earlierReleasesTellTheLikelyTheLeastAndTheMost() {
        Optional<Pace> pace = pace(
                attempt(true, applied(2, 1), applied(1, 3), applied(1, 2)),
                // Neither a rollback, nor what did not come to its end, nor what was over at once.
                attempt(false, applied(1, 90)),
                attempt(true, applied(1, 80).ended(Optional.of(80.0), "killed", "PENDING", false), applied(0.01, 1)));
        assertThat(pace).contains(new Pace(0.5, 2, 3, 3));
        Estimate estimate = estimate(pace);
        assertThat(estimate).isEqualTo(new Estimate(8, Optional.of(2.0), Optional.of(12.0), 1_200, 59_000, 3));
        assertThat(estimate.basis()).contains("what 3 earlier changes took on the source");
        assertThat(pace(attempt(true, applied(2, 1), applied(1, 3)))
                        .orElseThrow()
                        .median())
                .as("of an even number")
                .isEqualTo(1.75, CLOSE);
        assertThat(pace()).isEmpty();
    }

    @Test
    void whatHasGrownSinceTheBackupTakesLongerInProportion() {
        var estimates = new Estimates(Optional.of(new Pace(1, 2, 3, 1)));
        OfChange rehearsed = estimates
                .of(facts(change("c", "shop.orders")), name -> SIZES.getOrDefault(name, Size.NOTHING))
                .changes()
                .getFirst();
        assertThat(estimates.now(rehearsed, _ -> 1_500).orElseThrow()).isEqualTo(4 * 1.5 * 2, CLOSE);
        assertThat(estimates.now(rehearsed, _ -> 0).orElseThrow())
                .as("where nobody can count")
                .isEqualTo(8, CLOSE);
        assertThat(estimates.now(change("c", "shop.orders"), _ -> 7).orElseThrow())
                .as("by a receipt from before sizes were told")
                .isEqualTo(8, CLOSE);
    }

    @Test
    void whatWasNeverRunIsNotEstimated() {
        var estimates = new Estimates(Optional.empty());
        RehearsalFacts told = estimates.of(facts(change("c")), name -> SIZES.getOrDefault(name, Size.NOTHING));
        assertThat(told.changes().getFirst().estimate()).isEmpty();
        assertThat(estimates.now(told.changes().getFirst(), _ -> 1)).isEmpty();
    }
}
