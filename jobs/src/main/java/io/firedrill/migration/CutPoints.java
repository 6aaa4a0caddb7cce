package io.firedrill.migration;

import io.firedrill.migration.Cut.Mode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Where a change is disturbed, by the writes of a run that was not. */
public final class CutPoints {
    private CutPoints() {}

    /**
     * Where it is killed: before the first data write, that at a quarter, half and three quarters of them, and the last; after
     * the last and before its row; and with the answer to the first, the middle and the last, and to its row, on the way. Its row
     * is the last one of the run. Where two fall together, there is one.
     */
    public static List<Cut> crashes(WritesSeen clean) {
        return distinct(Stream.of(
                        quarters(clean.data()).mapToObj(number -> new Cut(Mode.KILL_BEFORE, WriteKind.DATA, number)),
                        row(Mode.KILL_BEFORE, clean),
                        halves(Mode.KILL_AFTER, clean),
                        row(Mode.KILL_AFTER, clean))
                .flatMap(cuts -> cuts));
    }

    /** Where the server's answer is lost once: to the first, the middle and the last data write, and to its row. */
    public static List<Cut> lostAnswers(WritesSeen clean) {
        return distinct(Stream.concat(halves(Mode.ANSWER_LOST, clean), row(Mode.ANSWER_LOST, clean)));
    }

    private static LongStream quarters(long data) {
        return data == 0
                ? LongStream.empty()
                : LongStream.rangeClosed(0, 4).map(quarter -> Math.max(1, Math.ceilDiv(quarter * data, 4)));
    }

    private static Stream<Cut> halves(Mode mode, WritesSeen clean) {
        return clean.data() == 0
                ? Stream.empty()
                : LongStream.of(1, Math.ceilDiv(clean.data(), 2), clean.data())
                        .mapToObj(number -> new Cut(mode, WriteKind.DATA, number));
    }

    private static Stream<Cut> row(Mode mode, WritesSeen clean) {
        return clean.rows() == 0 ? Stream.empty() : Stream.of(new Cut(mode, WriteKind.ROW, clean.rows()));
    }

    private static List<Cut> distinct(Stream<Cut> cuts) {
        SequencedSet<Cut> found = new LinkedHashSet<>();
        cuts.forEach(found::add);
        return List.copyOf(found);
    }
}
