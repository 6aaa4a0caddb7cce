package io.firedrill.job;

import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.SegmentLoader;
import io.firedrill.restore.StagingMarker;
import io.firedrill.verify.ReadBack;
import io.firedrill.verify.SegmentProof;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a restore does unit by unit, on whatever machine: check the objects, load them, read back what was loaded. */
public final class RestoreUnits {
    static final String CHECK = "check";
    static final String LOAD = "load";
    static final String VERIFY = "verify";

    private final RestoreSource source;
    private final Deployment target;
    private final StagingMarker marker;
    private final StepRun run;
    private final Lazy<SegmentLoader> loader;
    private final Lazy<ReadBack> readBack;
    private final Lazy<Boolean> replaying;
    private final AtomicLong objects = new AtomicLong();
    private final List<SegmentProof> proofs = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Part> read = new ConcurrentHashMap<>();
    private Runnable loading;

    public RestoreUnits(StepRun run, RestoreSource source, Deployment target) {
        this.marker = new StagingMarker(target);
        this.run = run;
        this.loading = run::checkpoint;
        this.source = source;
        this.target = target;
        this.loader =
                new Lazy<>(() -> new SegmentLoader(target, source, marker, marker.unitsDone(), () -> loading.run()));
        this.readBack = new Lazy<>(() -> new ReadBack(target, uuids(), source::digest, run::checkpoint));
        this.replaying = new Lazy<>(marker::isReplaying);
    }

    /**
     * The steps whose units workers can take, and what is done with one.
     *
     * @param runId of the run that has claimed the target; into anything else nothing is loaded
     */
    public Map<String, UnitWork> atWorker(String runId) {
        UnitWork readBackOnly = (unit, progress) -> {
            String found = verify(unit, progress);
            read.remove(unit);
            return found;
        };
        loading = () -> {
            run.checkpoint();
            requireLoading(runId);
        };
        UnitWork loadIfClaimed = (unit, progress) -> {
            requireClaimed(runId);
            return load(unit, progress);
        };
        return Map.of(CHECK, this::check, LOAD, loadIfClaimed, VERIFY, readBackOnly);
    }

    /** The guard has looked at the target of the run; here that its target is ours. */
    private void requireClaimed(String runId) {
        String backup = source.manifest().id().value();
        StagingMarker.Mark mark = marker.read()
                .filter(found -> found.runId().equals(runId) && found.backupId().equals(backup))
                .orElseThrow(() -> new Failure(
                        FailureKind.TARGET_REFUSED,
                        "the staging of this worker is not claimed by run %s for backup %s".formatted(runId, backup),
                        "Give the workers the staging-uri of the run that sends them units."));
        if (mark.state() != StagingMarker.State.LOADING) {
            throw loaded(runId);
        }
    }

    /**
     * Who stood still may wake up when his unit was given to another long ago: what he has left to load would come upon what was
     * done with the copy since.
     */
    private void requireLoading(String runId) {
        requireClaimed(runId);
        if (marker.isReplaying()) {
            throw loaded(runId);
        }
    }

    private static Failure loaded(String runId) {
        return new Failure(
                FailureKind.LOCK_LOST,
                "run %s has loaded everything".formatted(runId),
                "Another worker has done this unit; this one wrote nothing more.");
    }

    String check(String unit, LongConsumer progress) {
        return Long.toString(source.check(unit, progress));
    }

    void checked(String objectsOfUnit) {
        objects.addAndGet(Long.parseLong(objectsOfUnit));
    }

    /** How many objects were found sound. */
    long objectsChecked() {
        return objects.get();
    }

    String load(String unit, LongConsumer progress) {
        loader.get().load(unit, progress);
        return "";
    }

    /**
     * Reads a unit back. A replay begins when all of it was read back and found equal; once it has begun, it is no longer what
     * was loaded, and what the attempt before proved stands.
     */
    String verify(String unit, LongConsumer progress) {
        Part part = source.part(unit);
        read.put(unit, part);
        List<SegmentProof> found = replaying.get()
                ? part.segments().stream().map(it -> proven(it, progress)).toList()
                : readBack.get().read(source.plan(), part, progress);
        return found.stream()
                .map(proof -> "%s %s %d".formatted(proof.expected(), proof.sha256(), proof.documents()))
                .collect(Collectors.joining(";"));
    }

    private SegmentProof proven(Segment segment, LongConsumer progress) {
        run.checkpoint();
        String digest = source.digest(segment);
        progress.accept(segment.bytesOfObjects());
        return new SegmentProof(segment, digest, digest, segment.documentsOfRange());
    }

    /** Hears what a unit read back as: of each segment the digest it should have, the one it has, and its documents. */
    void verified(String unit, String found) {
        @Nullable Part known = read.remove(unit);
        List<Segment> segments = (known == null ? source.part(unit) : known).segments();
        String[] lines = found.isEmpty() ? new String[0] : found.split(";", -1);
        if (lines.length != segments.size()) {
            throw new IllegalStateException(
                    "of unit %s %d segments were read back, of %d".formatted(unit, lines.length, segments.size()));
        }
        for (int i = 0; i < lines.length; i++) {
            String[] words = lines[i].split(" ", -1);
            // What is expected of a whole segment stands in the backup: no worker need be believed.
            String expected =
                    segments.get(i).delta().isEmpty() ? segments.get(i).sha256() : words[0];
            proofs.add(new SegmentProof(segments.get(i), expected, words[1], Long.parseLong(words[2])));
        }
    }

    List<SegmentProof> proofs() {
        return List.copyOf(proofs);
    }

    /** The collections of the target by name. */
    Map<Namespace, UUID> uuids() {
        Map<Namespace, UUID> found = new HashMap<>();
        var catalogReader = new CatalogReader(target);
        catalogReader.databases().forEach(database -> found.putAll(catalogReader.uuids(database)));
        return found;
    }
}
