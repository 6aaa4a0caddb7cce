package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bson.BsonDocument;

/**
 * The backups of one source: reads and writes plans, parts and manifests, each checked as it is read. Everything is told
 * from the store alone.
 */
public final class BackupCatalog {
    /** What one page of a listing holds: beyond it, a listing of its own is cheaper than reading on. */
    private static final int KEYS_READ_MAX = 1_000;

    private final ObjectStore store;
    private final String source;
    private final ArchiveLayout layout;
    private final ArchiveKeys keys;
    private final KeyRing ring;

    /** Without keys: reads and writes what is not encrypted. */
    public BackupCatalog(ObjectStore store, String source) {
        this(store, source, ArchiveKeys.NONE);
    }

    public BackupCatalog(ObjectStore store, String source, ArchiveKeys keys) {
        this.store = store;
        this.source = source;
        this.layout = new ArchiveLayout(source);
        this.keys = keys;
        this.ring = new KeyRing(store, layout, keys);
    }

    /** The names of the sources that a store holds, in order. */
    public static List<String> sources(ObjectStore store) {
        var found = new TreeSet<String>();
        Optional<ObjectInfo> next = store.list("sources/").findFirst();
        while (next.isPresent()) {
            String name = next.get().key().value().split("/", 3)[1];
            if (ArchiveLayout.isSourceName(name)) {
                found.add(name);
            }
            // '0' is the character after '/': the next key is the first of the next source.
            next = store.list("sources/", ObjectKey.of("sources/" + name + "0")).findFirst();
        }
        return List.copyOf(found);
    }

    public String source() {
        return source;
    }

    public SegmentStore segments() {
        return new SegmentStore(store, source, layout::segment, cipher());
    }

    /** The data keys of encrypted segments. */
    public KeyRing keys() {
        return ring;
    }

    /** Where the slices of the oplog lie that belong to one backup, and to no other. */
    public SegmentStore oplog(BackupId id) {
        return new SegmentStore(store, source, address -> layout.oplog(id, address), cipher());
    }

    /** The archived oplog. */
    public OplogArchive oplog() {
        return new OplogArchive(store, layout, keys, new SegmentStore(store, source, layout::oplogSlice, cipher()));
    }

    private Optional<SegmentCipher> cipher() {
        return keys.store().map(key -> new SegmentCipher(key, ring, keys.encrypts()));
    }

    /** Which backups are under legal hold. */
    public NoticeBoard holds() {
        return new NoticeBoard(store, layout.holds(), "hold");
    }

    /** Which backups are marked for deletion. */
    public NoticeBoard marks() {
        return new NoticeBoard(store, layout.marks(), "mark");
    }

    /** Which backups found changed what the oplog called untouched: while one stands, no backup leaves anything unread. */
    public NoticeBoard doubts() {
        return new NoticeBoard(store, layout.doubts(), "doubt");
    }

    public SweepLog sweeps() {
        return new SweepLog(store, layout.sweeps());
    }

    public OrphanLists orphans() {
        return new OrphanLists(store, layout.orphans());
    }

    /** What the source held at single moments. */
    public Seals seals() {
        return new Seals(this, store, layout, keys);
    }

    public BackupObjects objects() {
        return new BackupObjects(store, layout);
    }

    /** All backups that were begun, oldest first. */
    public List<BackupId> ids() {
        var found = new ArrayList<BackupId>();
        Optional<ObjectKey> after = idsAfter(layout.backups(), found);
        while (after.isPresent()) {
            after = idsAfter(after.get().value(), found);
        }
        return found;
    }

    /**
     * A page of a listing holds many small backups, and a large backup many pages: so the listing is read through, and begun anew
     * behind a backup that turns out to be large. Answers where to.
     */
    private Optional<ObjectKey> idsAfter(String after, List<BackupId> found) {
        try (Stream<ObjectInfo> objects = list(after)) {
            String last = "";
            int keys = 0;
            for (Iterator<ObjectInfo> each = objects.iterator(); each.hasNext(); ) {
                String name = each.next()
                        .key()
                        .value()
                        .substring(layout.backups().length())
                        .split("/", 2)[0];
                keys = name.equals(last) ? keys + 1 : 1;
                if (keys == KEYS_READ_MAX) {
                    return Optional.of(ObjectKey.of(layout.backups() + name + "0"));
                }
                if (keys == 1 && BackupId.isValid(name)) {
                    found.add(new BackupId(name));
                }
                last = name;
            }
        }
        return Optional.empty();
    }

    private Stream<ObjectInfo> list(String after) {
        return after.equals(layout.backups())
                ? store.list(layout.backups())
                : store.list(layout.backups(), ObjectKey.of(after));
    }

    /** Whether what an earlier attempt wrote of a backup is encrypted just as this one would write it. */
    public boolean isWrittenAsNow(BackupId id) {
        return store.read(layout.plan(id), ArchiveFile.BYTES_MAX)
                .map(bytes -> ArchiveFile.isSealed(bytes) == keys.encrypts())
                .orElse(false);
    }

    public boolean isSealed(BackupId id) {
        return store.head(layout.manifest(id)).isPresent();
    }

    public Optional<BackupId> newestSealed() {
        return ids().reversed().stream().filter(this::isSealed).findFirst();
    }

    /** The newest backup, if it was never sealed. */
    public Optional<BackupId> newestUnfinished() {
        List<BackupId> all = ids();
        return all.isEmpty() || isSealed(all.getLast()) ? Optional.empty() : Optional.of(all.getLast());
    }

    public ObjectKey manifestKey(BackupId id) {
        return layout.manifest(id);
    }

    public Manifest manifest(BackupId id) {
        return manifest(id, readManifest(id));
    }

    /** The manifest's bytes, unchecked: their digest goes into records. */
    public byte[] readManifest(BackupId id) {
        return store.read(layout.manifest(id), ArchiveFile.BYTES_MAX).orElseThrow(() -> absent(id));
    }

    public Manifest manifest(BackupId id, byte[] bytes) {
        ObjectKey key = layout.manifest(id);
        Manifest manifest = ArchiveFile.decode("manifest", key, bytes, Manifest::from, keys.store());
        requireOwn(key, manifest.id(), id);
        if (!manifest.keys().isEmpty() && !ArchiveFile.isSealed(bytes)) {
            throw ArchiveFile.damaged(key, "it speaks of an encrypted backup, and is not sealed itself");
        }
        return manifest;
    }

    /** The plan that a manifest names; another one than it names is damage. */
    public BackupPlan plan(Manifest manifest) {
        byte[] bytes = required(layout.plan(manifest.id()));
        requireDigest(layout.plan(manifest.id()), bytes, manifest.planSha256());
        return plan(manifest.id(), bytes);
    }

    /** The plan of a backup that may not be sealed; empty if there is none. */
    public Optional<BackupPlan> plan(BackupId id) {
        return store.read(layout.plan(id), ArchiveFile.BYTES_MAX).map(bytes -> plan(id, bytes));
    }

    /** A part that a manifest names; another one than it names is damage. */
    public Part part(Manifest manifest, Manifest.PartRef ref) {
        ObjectKey key = layout.part(manifest.id(), ref.unit());
        byte[] bytes = required(key);
        requireDigest(key, bytes, ref.sha256());
        Part part = part(manifest.id(), ref.unit(), bytes);
        // Whoever has no key could write a manifest in the clear that names some of the parts, and call that the
        // backup.
        part.segments().stream()
                .flatMap(segment -> segment.objects().stream())
                .flatMap(segment -> segment.sealed().stream())
                .filter(how -> !manifest.keys().contains(how.keyId()))
                .findFirst()
                .ifPresent(how -> {
                    throw ArchiveFile.damaged(
                            key, "it needs the key %s, which the manifest does not name".formatted(how.keyId()));
                });
        return part;
    }

    /** The part of a unit of a backup that may not be sealed; empty if the unit is not done. */
    public Optional<Part> part(BackupId id, String unit) {
        return partBytes(id, unit).map(bytes -> part(id, unit, bytes));
    }

    /** A part together with the reference that a manifest makes to it. */
    public Manifest.PartRef partRef(BackupId id, String unit) {
        ObjectKey key = layout.part(id, unit);
        return new Manifest.PartRef(unit, Digests.sha256Hex(required(key)));
    }

    public String planSha256(BackupId id) {
        return Digests.sha256Hex(required(layout.plan(id)));
    }

    public void write(BackupPlan plan) {
        write("plan", layout.plan(plan.id()), plan.toBson());
    }

    public void write(Part part) {
        write("part", layout.part(part.backup(), part.unit()), part.toBson());
    }

    public void write(Manifest manifest) {
        write("manifest", layout.manifest(manifest.id()), manifest.toBson());
    }

    void write(String kind, ObjectKey key, BsonDocument body) {
        writeOnce(key, ArchiveFile.encode(kind, key, body, keys.writing()));
    }

    /** Remembers who a source is, so that a restore can refuse it as a target even when no backup of it is readable. */
    public void remember(DeploymentIdentity identity) {
        BsonDocument bson = IdentityFormat.toBson(identity);
        byte[] bytes = ArchiveFile.encode("identity", bson);
        store.create(ObjectKey.of(layout.identities() + Digests.sha256Hex(bytes)), Content.of(bytes));
    }

    /** Everybody this source has ever been. */
    public List<DeploymentIdentity> identities() {
        try (Stream<ObjectInfo> found = store.list(layout.identities())) {
            return found.map(ObjectInfo::key)
                    .map(key -> ArchiveFile.decode("identity", key, required(key), IdentityFormat::from))
                    .toList();
        }
    }

    /** Which of them the source is now. */
    public Succession succession() {
        return new Succession(this, store, layout);
    }

    private Optional<byte[]> partBytes(BackupId id, String unit) {
        return store.read(layout.part(id, unit), ArchiveFile.BYTES_MAX);
    }

    private BackupPlan plan(BackupId id, byte[] bytes) {
        BackupPlan plan = ArchiveFile.decode("plan", layout.plan(id), bytes, BackupPlan::from, keys.store());
        requireOwn(layout.plan(id), plan.id(), id);
        return plan;
    }

    private Part part(BackupId id, String unit, byte[] bytes) {
        ObjectKey key = layout.part(id, unit);
        Part part = ArchiveFile.decode("part", key, bytes, Part::from, keys.store());
        requireOwn(key, part.backup(), id);
        if (!part.unit().equals(unit)) {
            throw ArchiveFile.damaged(key, "it belongs to unit %s".formatted(part.unit()));
        }
        return part;
    }

    private byte[] required(ObjectKey key) {
        return store.read(key, ArchiveFile.BYTES_MAX).orElseThrow(() -> ArchiveFile.missing(key));
    }

    private Failure absent(BackupId id) {
        return ids().contains(id)
                ? ArchiveFile.missing(layout.manifest(id))
                : new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "there is no backup %s of source '%s' in %s".formatted(id, source, store.location()),
                        "Choose one that 'firedrill backups' lists.");
    }

    /** A repeated unit writes equal bytes again; other bytes under the same key mean that two runs disagree. */
    private void writeOnce(ObjectKey key, byte[] bytes) {
        if (!store.create(key, Content.of(bytes))
                && !Digests.sha256Hex(required(key)).equals(Digests.sha256Hex(bytes))) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "%s was written before with other bytes".formatted(key.value()),
                    "Start a new backup; if this happens again, two runs share one backup id and that is a bug.");
        }
    }

    private static void requireDigest(ObjectKey key, byte[] bytes, String sha256) {
        String found = Digests.sha256Hex(bytes);
        if (!found.equals(sha256)) {
            throw ArchiveFile.damaged(key, "its SHA-256 is %s, the manifest says %s".formatted(found, sha256));
        }
    }

    private static void requireOwn(ObjectKey key, BackupId found, BackupId expected) {
        if (!found.equals(expected)) {
            throw ArchiveFile.damaged(key, "it belongs to backup %s".formatted(found));
        }
    }
}
