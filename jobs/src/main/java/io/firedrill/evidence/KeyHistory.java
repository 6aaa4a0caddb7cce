package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which key a ledger was signed with from which record on: the first record's, and each that the one before it named. Read from the
 * records themselves, and each of them verified.
 */
public final class KeyHistory {
    private final Ledger ledger;
    private final TreeMap<Long, VerifyingKey> since = new TreeMap<>();

    private KeyHistory(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * @param changes the numbers of the records that may be changes of keys; one that is left out makes nobody trusted
     * @param roots keys of which one has to have signed the ledger; none: the first record's key is trusted because it was first
     */
    public static KeyHistory of(Ledger ledger, Collection<Long> changes, List<VerifyingKey> roots) {
        var history = new KeyHistory(ledger);
        history.first().ifPresent(key -> history.since.put(1L, key));
        changes.stream().sorted().forEach(history::change);
        List<String> signers =
                history.since.values().stream().map(VerifyingKey::id).toList();
        requireOneOf(ledger.id(), signers, roots);
        return history;
    }

    private Optional<VerifyingKey> first() {
        return ledger.files().read(ledger.files().record(1)).isPresent() ? signer(ledger.entry(1)) : Optional.empty();
    }

    private Optional<VerifyingKey> signer(LedgerEntry entry) {
        return ledger.files().key(entry.keyId()).filter(key -> entry.envelope().isSignedBy(key));
    }

    private void change(long seq) {
        LedgerEntry entry = ledger.entry(seq);
        if (entry.kind() == EntryKind.KEY_CHANGE && signs(entry)) {
            VerifyingKey.read(entry.text("/publicKey"))
                    .filter(key -> key.id().equals(entry.text("/to")))
                    .ifPresent(key -> since.put(seq + 1, key));
        }
    }

    /** Whether the record is signed with the key that was in force, and stands in its place. */
    public boolean signs(LedgerEntry entry) {
        boolean inPlace = entry.ledgerId().equals(ledger.id())
                && entry.key().equals(ledger.files().record(entry.seq()).value());
        Map.Entry<Long, VerifyingKey> inForce = since.floorEntry(entry.seq());
        return inPlace && inForce != null && entry.envelope().isSignedBy(inForce.getValue());
    }

    /** Whether one of the pinned keys signed, or none is pinned. */
    static boolean isOneOf(Collection<String> signers, List<VerifyingKey> roots) {
        return roots.isEmpty() || roots.stream().map(VerifyingKey::id).anyMatch(signers::contains);
    }

    /** Fails if keys were pinned, and none of them signed. */
    static void requireOneOf(String ledgerId, Collection<String> signers, List<VerifyingKey> roots) {
        if (!signers.isEmpty() && !isOneOf(signers, roots)) {
            throw untrusted(ledgerId);
        }
    }

    static Failure untrusted(String ledgerId) {
        return new Failure(
                FailureKind.KEY_WRONG,
                "ledger %s is signed by none of the keys that evidence-roots names".formatted(ledgerId),
                "Find out who signed it with 'firedrill evidence verify' before you go by what its records say.");
    }
}
