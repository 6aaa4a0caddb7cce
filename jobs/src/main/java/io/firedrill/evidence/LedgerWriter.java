package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds records to a ledger, and after each a checkpoint.
 *
 * <p>A sequence number belongs to whoever creates its object, so any number of processes may append at once. Record n+1 is
 * written only when the checkpoint of n is there, so at most the newest record can lack its own; whoever comes next writes
 * it.
 */
public final class LedgerWriter {
    private static final int TRIES_MAX = 1_000;

    private final LedgerFiles files;
    private final Clocks clocks;
    private final SigningKey key;
    private final Optional<LedgerFiles> witness;
    private final Optional<Duration> lock;
    private final SecureRandom random = new SecureRandom();

    LedgerWriter(
            LedgerFiles files, Clocks clocks, SigningKey key, Optional<LedgerFiles> witness, Optional<Duration> lock) {
        this.files = files;
        this.clocks = clocks;
        this.key = key;
        this.witness = witness;
        this.lock = lock;
    }

    /** A record that was stored, and the checkpoint over everything up to it. */
    public record Appended(LedgerEntry entry, Checkpoint checkpoint) {
        /** The run that the record states. */
        public RunRecord run() {
            return entry.run().orElseThrow();
        }
    }

    Ledger ledger() {
        return new Ledger(files.store(), files.ledgerId(), clocks);
    }

    /**
     * Fails unless this writer's key is the one that the ledger's next record has to be signed with, and the store locks what
     * is to be locked.
     */
    public void requireOurs() {
        requireOurs(tip(true).keyInForce());
        lock.ifPresent(_ -> {
            publish(key.publicKey());
            // A key that was published before anything was to be locked tells nothing.
            files.requireLocking(key.id(), until());
        });
    }

    /** Adds a run: what is stated of it, without its place in the ledger, stored before this returns. */
    public Appended append(ObjectNode run) {
        return append(EntryKind.RUN, run);
    }

    /** From here on another key signs; said with the present one, so that whoever trusts this one may trust the other. */
    public Appended changeKey(VerifyingKey to, String operator) {
        publish(to);
        ObjectNode change = Json.object()
                .put("kind", EntryKind.KEY_CHANGE.word())
                .put("from", key.id())
                .put("to", to.id())
                .put("publicKey", to.pem())
                .put("operator", operator)
                .put("timeCreated", now());
        return append(EntryKind.KEY_CHANGE, change);
    }

    /** Adds what somebody says; an approval, a sign-off and a waiver are signed with a key of theirs. */
    public Appended append(Declaration declaration) {
        return append(declaration.kind(), declaration.predicate(now()));
    }

    private Appended append(EntryKind kind, ObjectNode stated) {
        String recordId = RunIds.next(clocks.now(), random);
        ObjectNode whole = kind == EntryKind.RUN ? retained(stated) : stated;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            Tip tip = tip(!kind.isPersonal());
            if (kind.isPersonal()) {
                requireBegun(tip);
            } else {
                requireOurs(tip.keyInForce());
            }
            publish(key.publicKey());
            LedgerEntry entry = following(tip, recordId, kind, tip.size() == 0 ? citing(whole) : whole);
            if (create(ObjectKey.of(entry.key()), entry.bytes())) {
                return new Appended(entry, seal(tip, entry));
            }
        }
        throw new Failure(
                FailureKind.EVIDENCE_NOT_STORED,
                "%d sequence numbers of ledger %s were taken one after another".formatted(TRIES_MAX, files.ledgerId()),
                "Look at who else writes to %s.".formatted(files.store().location()));
    }

    /** Says how long the store keeps the record, which counts only if it does. */
    private ObjectNode retained(ObjectNode stated) {
        ObjectNode retained = stated.deepCopy();
        lock.ifPresent(_ -> retained.putObject("retention")
                .put("lockMode", "COMPLIANCE")
                .put("evidenceRetainUntil", until().toString()));
        return retained;
    }

    private Instant until() {
        return clocks.now().truncatedTo(ChronoUnit.SECONDS).plus(lock.orElseThrow());
    }

    private boolean create(ObjectKey at, byte[] bytes) {
        return lock.isPresent() ? files.createLocked(at, bytes, until()) : files.create(at, bytes);
    }

    /**
     * A ledger's first record names where the other ledgers of the store end, so that a ledger that was given up, for its key
     * was lost, cannot be cut short after that.
     */
    private ObjectNode citing(ObjectNode stated) {
        ObjectNode citing = stated.deepCopy();
        ArrayNode ledgers = citing.putArray("ledgers");
        for (Ledger other : Ledger.all(files.store(), clocks)) {
            if (!other.id().equals(files.ledgerId())) {
                other.newestCheckpoint()
                        .ifPresent(end ->
                                ledgers.addObject().put("ledger", other.id()).put("checkpoint", end.copy()));
            }
        }
        return citing;
    }

    LedgerEntry following(Tip tip, String recordId, EntryKind kind, ObjectNode stated) {
        ObjectNode predicate = Json.object().put("schemaVersion", RecordFormat.SCHEMA_VERSION);
        predicate
                .putObject("identity")
                .put("recordId", recordId)
                .put("ledgerId", files.ledgerId())
                .put("seq", tip.size() + 1)
                .put("prev", tip.head());
        ObjectNode clean = stated.deepCopy();
        Redaction.apply(clean);
        predicate.setAll(clean);
        byte[] payload = Json.compact(Statement.of(kind, predicate));
        byte[] bytes = Envelope.signed(Statement.PAYLOAD_TYPE, payload, key).bytes();
        return LedgerEntry.of(files.record(tip.size() + 1).value(), bytes);
    }

    /**
     * Where the ledger ends; the checkpoint of a run that died before it could write it is written now.
     *
     * @param ours whether it has to be the ledger's own key that does it; what persons add may bring one of theirs
     */
    private Tip tip(boolean ours) {
        long[] seqs = files.seqs();
        if (seqs.length == 0) {
            return Tip.EMPTY;
        }
        long size = seqs[seqs.length - 1];
        Optional<Tip> whole = sealed(size);
        if (whole.isPresent()) {
            return whole.get();
        }
        Tip before = size == 1 ? Tip.EMPTY : sealed(size - 1).orElseThrow(() -> unsealed(size - 1));
        LedgerEntry entry = ledger().entry(size);
        requireFollowing(before, entry);
        if (ours) {
            // A checkpoint signed with a key that nobody knows would have to be deleted by hand, and a lock keeps it.
            requireOurs(before.keyAfter(entry));
        }
        return Tip.of(seal(before, entry));
    }

    private Optional<Tip> sealed(long size) {
        ObjectKey at = files.checkpoint(size);
        return files.read(at).map(bytes -> {
            Checkpoint checkpoint = Checkpoint.read(at.value(), bytes);
            boolean place = checkpoint.size() == size && checkpoint.ledgerId().equals(files.ledgerId());
            if (!place || !isSigned(checkpoint.envelope())) {
                throw Envelope.damaged(at.value(), "is not a checkpoint that this ledger's keys signed");
            }
            return Tip.of(checkpoint);
        });
    }

    private Failure unsealed(long size) {
        return Envelope.damaged(files.checkpoint(size).value(), "is missing, and a record that came after it is there");
    }

    private void requireFollowing(Tip before, LedgerEntry entry) {
        boolean place = entry.seq() == before.size() + 1
                && entry.ledgerId().equals(files.ledgerId())
                && entry.prev().equals(before.head());
        boolean signer = entry.kind().isPersonal()
                || before.keyInForce().isEmpty()
                || entry.keyId().equals(before.keyInForce());
        if (!place || !signer || !isSigned(entry.envelope())) {
            throw Envelope.damaged(entry.key(), "does not follow on what came before it");
        }
    }

    private boolean isSigned(Envelope envelope) {
        return envelope.keyId().equals(key.id())
                ? envelope.isSignedBy(key.publicKey())
                : files.key(envelope.keyId()).filter(envelope::isSignedBy).isPresent();
    }

    /** Writes the checkpoint over a record that is there, or finds that somebody else has written it. */
    Checkpoint seal(Tip before, LedgerEntry entry) {
        CompactRange range =
                before.range().with(CompactRange.leaf(entry.envelope().payload()));
        Checkpoint ours = Checkpoint.signed(
                files.ledgerId(),
                range,
                entry.sha256(),
                before.checkpoint(),
                before.keyAfter(entry),
                clocks.now(),
                key);
        ObjectKey at = files.checkpoint(range.size());
        Checkpoint stored = ours;
        if (!create(at, ours.bytes())) {
            stored = files.read(at)
                    .map(bytes -> Checkpoint.read(at.value(), bytes))
                    .filter(theirs -> theirs.root().equals(ours.root()))
                    .orElseThrow(
                            () -> Envelope.damaged(at.value(), "is not the checkpoint of the records that are there"));
        }
        tell(stored);
        return stored;
    }

    /** A copy where whoever could rewrite this store hopefully cannot. */
    private void tell(Checkpoint checkpoint) {
        witness.ifPresent(elsewhere -> {
            ObjectKey at = elsewhere.checkpoint(checkpoint.size());
            if (!elsewhere.create(at, checkpoint.bytes())) {
                throw new Failure(
                        FailureKind.BACKUP_DAMAGED,
                        "the witness %s holds another checkpoint %s"
                                .formatted(elsewhere.store().location(), at.value()),
                        "The ledger was rolled back or rewritten since that was written: run 'firedrill evidence verify'.");
            }
        });
    }

    private void publish(VerifyingKey known) {
        byte[] pem = known.pem().getBytes(StandardCharsets.US_ASCII);
        ObjectKey at = files.publicKey(known.id());
        // An older one is locked as it was then, which the next record does not depend on.
        if (!files.read(at).map(there -> Arrays.equals(there, pem)).orElseGet(() -> create(at, pem))) {
            throw Envelope.damaged(at.value(), "is not the public key it is named after");
        }
    }

    private void requireOurs(String keyInForce) {
        if (!keyInForce.isEmpty()) {
            ledger().requireSignedWith(key, keyInForce);
        }
    }

    /** The first record's key is the ledger's: a person's must not become that. */
    private void requireBegun(Tip tip) {
        if (tip.size() == 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "ledger %s is empty, so no key signs it yet".formatted(files.ledgerId()),
                    "Let a run be recorded first, such as 'firedrill backup': its key is the ledger's.");
        }
    }

    private String now() {
        return clocks.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
