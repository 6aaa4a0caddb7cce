package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Estimate;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Reckons how long changes will take where they are meant to run: as long as on the copy, in proportion to the documents of
 * the collections that they write to, and as many times as long as earlier ones did. That the hardware is the same is not
 * assumed: where no earlier change tells, the estimate says that nothing is known of it.
 */
public final class Estimates {
    private final Optional<Pace> pace;

    /**
     * @param pace of earlier releases to the same place; empty where there was none
     */
    public Estimates(Optional<Pace> pace) {
        this.pace = pace;
    }

    /** What a collection holds. */
    public record Size(long documents, long bytes) {
        public static final Size NOTHING = new Size(0, 0);

        public Size plus(Size other) {
            return new Size(documents + other.documents, bytes + other.bytes);
        }
    }

    /**
     * The same, each change that was measured with its estimate.
     *
     * @param sizes of collections of the backup
     */
    public RehearsalFacts of(RehearsalFacts facts, Function<String, Size> sizes) {
        return facts.with(facts.changes().stream()
                .map(change -> change.measures()
                        .map(measures -> change.estimated(estimate(measures, sizes)))
                        .orElse(change))
                .toList());
    }

    private Estimate estimate(Measures measures, Function<String, Size> sizes) {
        Size size = measures.namespaces().stream().map(sizes).reduce(Size.NOTHING, Size::plus);
        return new Estimate(
                measures.seconds() * pace.map(Pace::median).orElse(1.0),
                pace.map(each -> measures.seconds() * each.low()),
                pace.map(each -> measures.seconds() * each.high()),
                size.documents(),
                size.bytes(),
                pace.map(Pace::changes).orElse(0));
    }

    /**
     * How long a change that was rehearsed will take now; empty where it was not measured.
     *
     * @param documents how many a collection holds now
     */
    public Optional<Double> now(OfChange rehearsed, ToLongFunction<String> documents) {
        return rehearsed.measures().map(measures -> {
            long then = rehearsed.estimate().map(Estimate::documents).orElse(0L);
            long now = measures.namespaces().stream().mapToLong(documents).sum();
            double growth = then <= 0 || now <= 0 ? 1 : (double) now / then;
            return measures.seconds() * growth * pace.map(Pace::median).orElse(1.0);
        });
    }
}
