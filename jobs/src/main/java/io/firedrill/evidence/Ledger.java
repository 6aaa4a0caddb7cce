package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The records of a store in the order they were written, each signed, and each holding the digest of the one before.
 *
 * <p>Reading trusts the store; {@link LedgerVerification} does not.
 */
public final class Ledger {
    private final LedgerFiles files;
    private final Clocks clocks;

    public Ledger(ObjectStore store, String ledgerId, Clocks clocks) {
        this.files = new LedgerFiles(store, ledgerId);
        this.clocks = clocks;
    }

    /** Every ledger of a store. */
    public static List<Ledger> all(ObjectStore store, Clocks clocks) {
        String root = LedgerFiles.ROOT;
        var found = new ArrayList<Ledger>();
        Optional<ObjectInfo> next = store.list(root).findFirst();
        while (next.isPresent()) {
            String name = next.get().key().value().substring(root.length()).split("/", 2)[0];
            if (LedgerFiles.isId(name)) {
                found.add(new Ledger(store, name, clocks));
            }
            // '0' is the character after '/': the next key is the first of the next ledger.
            next = store.list(root, ObjectKey.of(root + name + "0")).findFirst();
        }
        return found;
    }

    public String id() {
        return files.ledgerId();
    }

    /** Adds records to this ledger, signed with this key; a checkpoint's copy goes to the witness, if there is one. */
    public LedgerWriter writer(SigningKey key, Optional<ObjectStore> witness) {
        return writer(key, witness, Optional.empty());
    }

    /**
     * As {@link #writer(SigningKey, Optional)}.
     *
     * @param lock how long the store has to keep each record and checkpoint, whoever asks it to delete them; empty: it may not
     */
    public LedgerWriter writer(SigningKey key, Optional<ObjectStore> witness, Optional<Duration> lock) {
        return new LedgerWriter(files, clocks, key, witness.map(store -> new LedgerFiles(store, id())), lock);
    }

    /** The number of the last record; 0 where there is none. */
    public long size() {
        return LongStream.of(files.seqs()).max().orElse(0);
    }

    /** Every run, oldest first; read one by one as the stream is consumed. */
    public Stream<RunRecord> records() {
        return entries().flatMap(entry -> entry.run().stream());
    }

    /** Every record of whatever kind, oldest first; read one by one as the stream is consumed. */
    public Stream<LedgerEntry> entries() {
        return entries(Long.MAX_VALUE);
    }

    /** The first so many records of whatever kind, oldest first; read one by one as the stream is consumed. */
    public Stream<LedgerEntry> entries(long size) {
        return LongStream.of(files.seqs()).filter(seq -> seq <= size).mapToObj(this::entry);
    }

    /** The newest run that matches; reads backwards only as far as needed. */
    public Optional<RunRecord> newest(Predicate<RunRecord> matching) {
        return newestFirst().filter(matching).findFirst();
    }

    /** The record of this number, of whatever kind. */
    public LedgerEntry entry(long seq) {
        ObjectKey key = files.record(seq);
        return files.read(key)
                .map(bytes -> LedgerEntry.of(key.value(), bytes))
                .orElseThrow(() -> new Failure(
                        FailureKind.BACKUP_DAMAGED,
                        "the record %s is missing".formatted(key.value()),
                        "A ledger has no gaps; find out who deleted the object."));
    }

    /** The checkpoint of this size, if it was written. */
    public Optional<Checkpoint> checkpoint(long size) {
        ObjectKey key = files.checkpoint(size);
        return files.read(key).map(bytes -> Checkpoint.read(key.value(), bytes));
    }

    /** The id of the key that the next record has to be signed with; empty if nothing was signed yet. */
    public Optional<String> keyInForce() {
        long[] seqs = files.seqs();
        if (seqs.length == 0) {
            return Optional.empty();
        }
        long size = seqs[seqs.length - 1];
        Tip before = checkpoint(size - 1).map(Tip::of).orElse(Tip.EMPTY);
        return Optional.of(before.keyAfter(entry(size)));
    }

    /** Fails with {@code KEY_WRONG} unless the next record may be signed with this key; it only reads. */
    public void requireSignedWith(SigningKey key) {
        keyInForce().ifPresent(inForce -> requireSignedWith(key, inForce));
    }

    void requireSignedWith(SigningKey key, String inForce) {
        if (!inForce.equals(key.id())) {
            throw new Failure(
                    FailureKind.KEY_WRONG,
                    "ledger %s is signed with the key %s, and the one given is %s".formatted(id(), inForce, key.id()),
                    "Give that key with FIREDRILL_EVIDENCE_KEY. If it is lost, begin a ledger of another name;"
                            + " docs/OPERATIONS.md tells how.");
        }
    }

    /** The checkpoint of the most records; empty if there is none. */
    Optional<Checkpoint> newestCheckpoint() {
        long[] sizes = files.checkpointSizes();
        return sizes.length == 0 ? Optional.empty() : checkpoint(sizes[sizes.length - 1]);
    }

    /** Where this ledger ended when the first record of another ledger of the store was written. */
    List<KeptCheckpoint> citedElsewhere() {
        var cited = new ArrayList<KeptCheckpoint>();
        for (Ledger other : all(files.store(), clocks)) {
            ObjectKey first = other.files().record(1);
            if (!other.id().equals(id()) && files.read(first).isPresent()) {
                other.entry(1)
                        .predicate()
                        .path("ledgers")
                        .valueStream()
                        .filter(each -> each.path("ledger").asString("").equals(id()))
                        .map(each -> each.path("checkpoint").asString(""))
                        .forEach(copy -> cited.addAll(KeptCheckpoint.parse(copy, first.value(), id())));
            }
        }
        return cited;
    }

    /** The public keys that lie in the ledger. */
    public List<VerifyingKey> keys() {
        return files.keyIds().flatMap(id -> files.key(id).stream()).toList();
    }

    /** Whether the record is signed with the key that it names, as far as that key lies in the ledger. */
    public boolean isSigned(LedgerEntry entry) {
        return files.key(entry.keyId())
                .filter(key -> entry.envelope().isSignedBy(key))
                .isPresent();
    }

    /**
     * What the runs tell whose records are signed as they should be, the oldest first; every record is read and verified.
     *
     * @param roots keys of which one has to have signed the ledger; none: the first record's key is trusted because it was first
     */
    public List<RunTrace> traces(List<VerifyingKey> roots) {
        return new SoundRecords(this, roots)
                .seen().stream().flatMap(entry -> entry.trace().stream()).toList();
    }

    /**
     * What every run tells, and what of it may be gone by; every record is read and verified.
     *
     * @param roots keys of which one has to have signed the ledger, else nothing in it is trusted
     */
    public Testimony testimony(List<VerifyingKey> roots) {
        return Testimony.of(this, roots);
    }

    Clocks clocks() {
        return clocks;
    }

    LedgerFiles files() {
        return files;
    }

    /** The newest record of a run, looked for no further back than its start, with a day for clocks that disagree. */
    Optional<RunRecord> ofRun(String runId, Instant startedAt) {
        Instant oldest = startedAt.minus(Duration.ofDays(1));
        return newestFirst()
                .takeWhile(record -> !record.recordedAt().isBefore(oldest))
                .filter(record -> record.runId().equals(runId))
                .findFirst();
    }

    /** Every record of whatever kind, newest first; read one by one as the stream is consumed. */
    public Stream<LedgerEntry> newestEntries() {
        long[] seqs = files.seqs();
        return LongStream.range(0, seqs.length).mapToObj(index -> entry(seqs[(int) (seqs.length - 1 - index)]));
    }

    private Stream<RunRecord> newestFirst() {
        return newestEntries().flatMap(entry -> entry.run().stream());
    }
}
