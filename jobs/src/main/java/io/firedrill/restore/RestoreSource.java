package io.firedrill.restore;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Digests;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Narrowing;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.Selection;
import io.firedrill.archive.VerifiedSegment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Namespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A sealed backup, or a selection of it, as something to restore from: manifest, plan and parts, each checked against the
 * digest naming it. What is not selected is not read.
 */
public final class RestoreSource {
    private final BackupCatalog catalog;
    private final Manifest manifest;
    private final String manifestSha256;
    private final BackupPlan whole;
    private final Selection selection;
    private final Narrowing narrowing;
    private final Map<String, Manifest.PartRef> parts = new TreeMap<>();
    private final Map<Segment, String> merged = new ConcurrentHashMap<>();

    private RestoreSource(BackupCatalog catalog, BackupId id, Selection selection) {
        byte[] bytes = catalog.readManifest(id);
        this.catalog = catalog;
        this.manifest = catalog.manifest(id, bytes);
        this.manifestSha256 = Digests.sha256Hex(bytes);
        this.whole = catalog.plan(manifest);
        this.selection = selection;
        this.narrowing = Narrowing.of(whole, selection);
        manifest.parts().forEach(ref -> parts.put(ref.unit(), ref));
        if (parts.isEmpty()) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "backup %s has no unit".formatted(id),
                    "A backup without units cannot have been sealed by Firedrill; restore another one.");
        }
    }

    /**
     * Finds a sealed backup.
     *
     * @param wanted a backup id, or "latest" for the newest sealed one
     */
    public static RestoreSource of(BackupCatalog catalog, String wanted) {
        return of(catalog, wanted, Selection.EVERYTHING);
    }

    /** The same of a part of it; a selection that the backup cannot serve is refused. */
    public static RestoreSource of(BackupCatalog catalog, String wanted, Selection selection) {
        return new RestoreSource(catalog, resolve(catalog, wanted), selection);
    }

    private static BackupId resolve(BackupCatalog catalog, String wanted) {
        if (wanted.equals("latest")) {
            return catalog.newestSealed()
                    .orElseThrow(() -> new Failure(
                            FailureKind.CONFIGURATION_INVALID,
                            "source '%s' has no sealed backup".formatted(catalog.source()),
                            "Run 'firedrill backup' first, or check FIREDRILL_STORE and FIREDRILL_SOURCE_NAME."));
        }
        if (!BackupId.isValid(wanted)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' is not a backup id".formatted(wanted),
                    "Choose one that 'firedrill backups' lists, like 20261123T235900Z-0a1b2c3d, or 'latest'.");
        }
        return new BackupId(wanted);
    }

    public Manifest manifest() {
        return manifest;
    }

    public String manifestSha256() {
        return manifestSha256;
    }

    public String manifestKey() {
        return catalog.manifestKey(manifest.id()).value();
    }

    /** What is restored: of a selection the selected collections, under the target's names. */
    public BackupPlan plan() {
        return narrowing.plan();
    }

    public Selection selection() {
        return selection;
    }

    /** What the selection does to the backup. */
    public Narrowing narrowing() {
        return narrowing;
    }

    /** The units, in order. */
    public List<String> units() {
        return narrowing.isPartial() ? unitsWhere(_ -> true) : List.copyOf(parts.keySet());
    }

    /** The units of the databases' collections. */
    public List<String> dataUnits() {
        return unitsWhere(unit -> !plan().isAccess(unit));
    }

    /** The units of users and roles; none where the backup has none. */
    public List<String> accessUnits() {
        return unitsWhere(plan()::isAccess);
    }

    private List<String> unitsWhere(Predicate<BackupPlan.Unit> condition) {
        return plan().units().stream()
                .filter(condition)
                .map(BackupPlan.Unit::id)
                .toList();
    }

    public Part part(String unit) {
        return narrowing.of(stored(unit));
    }

    private Part stored(String unit) {
        Manifest.PartRef ref = parts.get(unit);
        if (ref == null) {
            throw new IllegalArgumentException("no unit " + unit);
        }
        return catalog.part(manifest, ref);
    }

    /** How many bytes of raw documents each collection holds; a time series as many as its buckets. */
    public Map<Namespace, Long> bytesRaw() {
        Map<Namespace, Long> bytes = new HashMap<>();
        for (Segment segment : segments()) {
            Namespace namespace = plan().collections().get(segment.collection()).namespace();
            bytes.merge(namespace.owner(), segment.bytesOfObjects(), Long::sum);
        }
        return bytes;
    }

    /** What each collection holds; a time series what its buckets do. */
    public Map<Namespace, Amount> amounts() {
        Map<Namespace, Amount> amounts = new HashMap<>();
        for (Segment segment : segments()) {
            Namespace namespace = plan().collections().get(segment.collection()).namespace();
            amounts.merge(
                    namespace.owner(),
                    new Amount(
                            segment.documentsOfRange(),
                            segment.bytesOfObjects(),
                            sum(segment.objects(), Segment::bytesStored)),
                    Amount::plus);
        }
        return amounts;
    }

    /** How much there is to restore. */
    public record Amount(long documents, long bytesRaw, long bytesStored) {
        Amount plus(Amount other) {
            return new Amount(documents + other.documents, bytesRaw + other.bytesRaw, bytesStored + other.bytesStored);
        }
    }

    /** Of a whole backup what its manifest counts; of a selection the sum over its segments. */
    public Amount amount() {
        if (!narrowing.isPartial()) {
            Manifest.Totals totals = manifest.totals();
            return new Amount(totals.documents(), totals.bytesRaw(), totals.bytesStored());
        }
        List<Segment> selected = selected();
        return new Amount(
                sum(selected, Segment::documentsOfRange),
                sum(selected, Segment::bytesOfObjects),
                sum(
                        selected.stream()
                                .flatMap(segment -> segment.objects().stream())
                                .toList(),
                        Segment::bytesStored));
    }

    /**
     * How many segments of the databases' collections have to be proven: counted by the manifest or, of a selection, in the
     * parts as they are stored, so that a segment lost on the way to the proof is missed.
     */
    public long segmentsOfData() {
        long access = accessUnits().stream()
                .mapToLong(unit -> part(unit).segments().size())
                .sum();
        return narrowing.isPartial() ? selected().size() : manifest.totals().segments() - access;
    }

    private List<Segment> selected() {
        return dataUnits().stream()
                .flatMap(unit -> stored(unit).segments().stream())
                .filter(segment -> selection.takes(
                        whole.collections().get(segment.collection()).namespace()))
                .toList();
    }

    private static long sum(List<Segment> segments, ToLongFunction<Segment> figure) {
        return segments.stream().mapToLong(figure).sum();
    }

    /** Reads every object of a unit through and compares its digest; the target is not touched. */
    public long check(String unit, LongConsumer progress) {
        long objects = 1;
        for (Segment segment : part(unit).segments()) {
            progress.accept(catalog.segments().check(segment));
            objects += segment.objects().size();
        }
        return objects;
    }

    /** Reads every slice of the oplog through and compares its digest; none where the backup has one moment only. */
    public long checkOplog(LongConsumer progress) {
        List<OplogSpan.Slice> slices = manifest.oplog().map(OplogSpan::slices).orElse(List.of());
        slices.forEach(slice -> progress.accept(oplogSlices().check(slice.stored())));
        return slices.size();
    }

    /** Where the slices of its oplog lie. */
    public SegmentStore oplogSlices() {
        return catalog.oplog(manifest.id());
    }

    /** All segments of what is restored, users and roles too. */
    public List<Segment> segments() {
        return units().stream().flatMap(unit -> part(unit).segments().stream()).toList();
    }

    public VerifiedSegment fetch(Segment segment) {
        return catalog.segments().fetch(segment);
    }

    /**
     * What the range must read back as. Of a segment with a delta no manifest says it: it follows from the two objects that the
     * manifest names, each compared with its digest.
     */
    public String digest(Segment segment) {
        return segment.delta().isEmpty()
                ? segment.sha256()
                : merged.computeIfAbsent(segment, it -> fetch(it).digest());
    }

    /** Spares {@link #digest} a second fetch, if what was fetched goes through somebody's hands anyway. */
    void remember(Segment segment, String digest) {
        merged.put(segment, digest);
    }
}
