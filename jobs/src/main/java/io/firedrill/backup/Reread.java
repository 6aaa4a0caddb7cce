package io.firedrill.backup;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Digests;
import io.firedrill.archive.RedactedId;
import io.firedrill.archive.RunningDigest;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.archive.VerifiedSegment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.IdLookup;
import io.firedrill.mongo.RangeScan;
import io.firedrill.mongo.Requests;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bson.BsonNull;

/**
 * Reads a share of the ranges that need not be read, and compares: what is believed of the oplog is shown anew by every
 * backup, on other ranges each time.
 */
public final class Reread {
    private final Deployment source;
    private final BackupPlan plan;
    private final Untouched untouched;
    private final SegmentStore segments;
    private final ReadGate gate;
    private final Runnable checkpoint;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param source the member that is read
     * @param segments where the bases of deltas lie
     * @param gate that the scans pass
     */
    public Reread(
            Deployment source,
            BackupPlan plan,
            Untouched untouched,
            SegmentStore segments,
            ReadGate gate,
            Runnable checkpoint) {
        this.source = source;
        this.plan = plan;
        this.untouched = untouched;
        this.segments = segments;
        this.gate = gate;
        this.checkpoint = checkpoint;
    }

    /**
     * What came of it.
     *
     * @param asked how many ranges were to be compared
     * @param equal how many of them hold what they held
     * @param different what the first one is that does not, in words
     * @param unreadable why the source could not show them any more
     */
    public record Result(int asked, int equal, long bytes, Optional<String> different, Optional<String> unreadable) {}

    private enum Answer {
        EQUAL,
        DIFFERENT,
        UNREADABLE,
        /** It will be read whole, and so proves nothing. */
        NONE
    }

    /** Compares a share of the ranges that are not read, and one of those of which a little is; each rounded up. */
    public Result compare(double share) {
        List<Range> chosen = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        draw(share, untouched.ranges().keySet(), chosen, answers);
        draw(share, untouched.deltas().keySet(), chosen, answers);
        return new Result(
                chosen.size(),
                Collections.frequency(answers, Answer.EQUAL),
                bytes.get(),
                first(chosen, answers, Answer.DIFFERENT),
                first(chosen, answers, Answer.UNREADABLE));
    }

    /** One that proves nothing gives way to the next. */
    private void draw(double share, Set<Range> from, List<Range> chosen, List<Answer> answers) {
        List<Range> order = shuffled(from);
        int wanted = (int) Math.ceil(order.size() * share);
        for (int next = 0; wanted > 0 && next < order.size(); ) {
            List<Range> some = order.subList(next, Math.min(order.size(), next + wanted));
            List<Answer> found = Requests.all(some, this::compare);
            for (int i = 0; i < some.size(); i++) {
                if (found.get(i) != Answer.NONE) {
                    chosen.add(some.get(i));
                    answers.add(found.get(i));
                    wanted--;
                }
            }
            next += some.size();
        }
    }

    /** In another order for every backup, but the same for all attempts at one. */
    private List<Range> shuffled(Set<Range> from) {
        List<Range> all = new ArrayList<>();
        plan.units()
                .forEach(unit -> unit.ranges().stream().filter(from::contains).forEach(all::add));
        Collections.shuffle(all, new Random(plan.id().value().hashCode()));
        return all;
    }

    private Answer compare(Range range) {
        CollectionShape shape = plan.collections().get(range.collection());
        try (ReadGate.Turn turn = gate.enter()) {
            var paced = new Pace(checkpoint, some -> {
                turn.passed(some, checkpoint);
                bytes.addAndGet(some);
            });
            return untouched
                    .deltaOf(range)
                    .map(delta -> compare(range, shape, delta, paced))
                    .orElseGet(() -> compare(range, shape, paced));
        } catch (Failure failure) {
            // The dump meets the same, and knows how to go on.
            if (SourceChange.isLost(failure)) {
                return Answer.UNREADABLE;
            }
            throw failure;
        }
    }

    private Answer compare(Range range, CollectionShape shape, Pace paced) {
        List<Segment> same = untouched.of(range).orElseThrow();
        if (same.getFirst().delta().isPresent()) {
            return compare(range, shape, paced, () -> segments.fetch(same.getFirst()));
        }
        var expected = new Expected(same);
        scan(range, shape, paced, expected::add);
        return expected.isMet() ? Answer.EQUAL : Answer.DIFFERENT;
    }

    /** Whether the base and what was looked up, put together, are what is there: byte for byte, by their digests. */
    private Answer compare(Range range, CollectionShape shape, PlannedDelta delta, Pace paced) {
        var lookup = new IdLookup(shape.namespace(), shape.uuid().orElseThrow(), delta.ids(), plan.at());
        Optional<SegmentWriter> changed = delta.read(consumer -> lookup.read(source, consumer), paced);
        return changed.map(writer -> compare(
                        range, shape, paced, () -> segments.merged(delta.base(), writer, delta.ids(), delta.leftOut())))
                .orElse(Answer.NONE);
    }

    /** An object in the store that is damaged, or does not go with the other, is as bad as a write that nobody saw. */
    private Answer compare(Range range, CollectionShape shape, Pace paced, Supplier<VerifiedSegment> expected) {
        var digest = new RunningDigest();
        scan(range, shape, paced, digest::add);
        try {
            return expected.get().digest().equals(digest.end()) ? Answer.EQUAL : Answer.DIFFERENT;
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.BACKUP_DAMAGED) {
                return Answer.DIFFERENT;
            }
            throw failure;
        }
    }

    private void scan(Range range, CollectionShape shape, Pace paced, DocumentConsumer consumer) {
        var scan = new RangeScan(
                shape.namespace(), shape.uuid().orElseThrow(), range.min(), range.max(), Optional.of(plan.at()));
        scan.read(source, (raw, offset, length) -> {
            consumer.accept(raw, offset, length);
            paced.advance(length);
        });
        paced.flush();
    }

    private Optional<String> first(List<Range> chosen, List<Answer> answers, Answer answer) {
        int position = answers.indexOf(answer);
        return position < 0 ? Optional.empty() : Optional.of(name(chosen.get(position)));
    }

    private String name(Range range) {
        String from = range.min()
                .map(bound -> "from _id " + RedactedId.of(bound.getOrDefault("_id", BsonNull.VALUE)))
                .orElse("from the first _id");
        return "%s %s on".formatted(plan.collections().get(range.collection()).namespace(), from);
    }

    /** The digests of segments that follow each other in one scan. */
    private static final class Expected {
        private final Iterator<Segment> segments;
        private final MessageDigest digest = Digests.sha256();
        private Segment current;
        private long documents;
        private boolean different;

        Expected(List<Segment> segments) {
            this.segments = segments.iterator();
            this.current = this.segments.next();
        }

        void add(byte[] bytes, int offset, int length) {
            if (documents == current.documents() && segments.hasNext()) {
                end();
                current = segments.next();
            }
            digest.update(bytes, offset, length);
            documents++;
        }

        boolean isMet() {
            end();
            return !different && !segments.hasNext();
        }

        private void end() {
            different |= !Digests.hex(digest.digest()).equals(current.sha256());
            documents = 0;
        }
    }
}
