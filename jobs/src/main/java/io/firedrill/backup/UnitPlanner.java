package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.backup.RangeCutter.SizedRange;
import io.firedrill.mongo.BoundSampler;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Cuts the collections of a plan into units of work. */
final class UnitPlanner {
    private final RangeCutter cutter;
    private final UnitPacker packer;

    /**
     * @param sampled whose sizes and samples say where to cut what the last backup did not hold
     */
    UnitPlanner(Deployment sampled, KnownSegments known, SegmentSize size) {
        this.cutter = new RangeCutter(new BoundSampler(sampled), known, size.target());
        this.packer = new UnitPacker(size.target());
    }

    List<Unit> units(List<CollectionShape> collections) {
        List<SizedRange> capped = new ArrayList<>();
        List<SizedRange> others = new ArrayList<>();
        List<SizedRange> access = new ArrayList<>();
        List<Integer> numbers = IntStream.range(0, collections.size()).boxed().toList();
        List<List<SizedRange>> cuts = Requests.all(numbers, i -> cut(i, collections.get(i)));
        for (int i = 0; i < collections.size(); i++) {
            CollectionShape shape = collections.get(i);
            (shape.namespace().isAccess() ? access : shape.isCapped() ? capped : others).addAll(cuts.get(i));
        }
        return packer.pack(List.of(capped, others, access));
    }

    private List<SizedRange> cut(int number, CollectionShape shape) {
        if (shape.namespace().isAccess()) {
            return List.of(new SizedRange(new Range(number, Optional.empty(), Optional.empty()), 0));
        }
        return shape.hasDocuments() ? cutter.cut(number, shape) : List.of();
    }
}
