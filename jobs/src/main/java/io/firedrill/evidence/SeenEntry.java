package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A record as a verification saw it: what is left of it once its bytes are let go, since a ledger may be larger than memory.
 *
 * @param problem why it cannot be read, or that its signature is wrong; empty if neither
 * @param leaf its hash in the Merkle tree, in hex
 */
record SeenEntry(
        long seq, String object, String sha256, String leaf, String keyId, String problem, Optional<Stated> stated) {
    /** What it states, as far as other records depend on it. */
    record Stated(
            EntryKind kind,
            String word,
            String ledgerId,
            long seq,
            String prev,
            Instant at,
            String operator,
            Map<String, String> texts,
            ReadinessClaim claim,
            Optional<RunTrace> trace) {
        String text(String pointer) {
            return texts.getOrDefault(pointer, "");
        }
    }

    private static final String[] KEPT = {
        "/from",
        "/to",
        "/publicKey",
        "/record/sha256",
        "/record/seq",
        "/backup/backupId",
        "/backup/manifest",
        "/backup/manifestSha256",
        "/notes/deleted",
        LockCheck.UNTIL
    };

    /** Reads a record, and checks its signature with the key that it names. */
    static SeenEntry of(LedgerFiles files, long seq, Map<String, VerifyingKey> keys) {
        return of(files, seq, keys, _ -> {});
    }

    /**
     * The same.
     *
     * @param reader is handed the record where it can be read; what the reader cannot make sense of cannot be read
     */
    static SeenEntry of(LedgerFiles files, long seq, Map<String, VerifyingKey> keys, Consumer<LedgerEntry> reader) {
        String object = files.record(seq).value();
        byte[] bytes = files.read(files.record(seq)).orElse(new byte[0]);
        String sha256 = Hashes.sha256Hex(bytes);
        try {
            LedgerEntry entry = LedgerEntry.of(object, bytes);
            reader.accept(entry);
            return new SeenEntry(
                    seq,
                    object,
                    sha256,
                    Hashes.hex(CompactRange.leaf(entry.envelope().payload())),
                    entry.keyId(),
                    signature(entry.envelope(), keys),
                    Optional.of(stated(entry)));
        } catch (Failure broken) {
            return new SeenEntry(seq, object, sha256, "", "", broken.text(), Optional.empty());
        } catch (RuntimeException broken) {
            return new SeenEntry(seq, object, sha256, "", "", "states what cannot be read", Optional.empty());
        }
    }

    static String signature(Envelope envelope, Map<String, VerifyingKey> keys) {
        VerifyingKey key = keys.get(envelope.keyId());
        if (key == null) {
            return "names the key %s, which is not in the ledger".formatted(envelope.keyId());
        }
        return envelope.isSignedBy(key) ? "" : "is not signed by the key that it names";
    }

    private static Stated stated(LedgerEntry entry) {
        var texts = new HashMap<String, String>();
        for (String pointer : KEPT) {
            String text = entry.predicate().at(pointer).asString("");
            if (!text.isEmpty()) {
                texts.put(pointer, text);
            }
        }
        return new Stated(
                entry.kind(),
                entry.word(),
                entry.ledgerId(),
                entry.seq(),
                entry.prev(),
                entry.at(),
                entry.operator(),
                texts,
                ReadinessClaim.of(entry),
                entry.run().flatMap(RunTrace::read));
    }

    /** Of a run of a kind that only a newer version knows, and that this one must not take for anything. */
    String unknown() {
        return stated.map(what -> "is of the kind %s, unknown to this version".formatted(what.word()))
                .orElse("");
    }

    /** What the run tells; empty for what cannot be read, is no run, or is one of a kind that only a newer version knows. */
    Optional<RunTrace> trace() {
        return stated.flatMap(Stated::trace);
    }

    boolean isSound() {
        return problem.isEmpty();
    }

    /** Whether it stands where it says it belongs; the copy of another record does not. */
    boolean isInPlace(LedgerFiles files) {
        return stated.filter(what -> what.seq() == seq && what.ledgerId().equals(files.ledgerId()))
                .isPresent();
    }

    boolean is(EntryKind kind) {
        return stated.filter(what -> what.kind() == kind).isPresent();
    }

    boolean isPersonal() {
        return stated.filter(what -> what.kind().isPersonal()).isPresent();
    }

    byte[] leafHash() {
        return HexFormat.of().parseHex(leaf);
    }
}
