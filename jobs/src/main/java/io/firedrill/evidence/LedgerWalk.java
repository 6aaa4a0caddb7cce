package io.firedrill.evidence;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes through a ledger from its first record on, and knows at each what the ones before it lead to. */
final class LedgerWalk {
    private final LedgerFiles files;
    private final Tally signatures;
    private final Tally chain;
    private final Tally keys;
    private final Set<String> signers = new HashSet<>();
    private @Nullable CompactRange range = CompactRange.EMPTY;
    private @Nullable SeenEntry previous;
    private long seq;
    private String keyInForce = "";

    LedgerWalk(LedgerFiles files, Tally signatures, Tally chain, Tally keys) {
        this.files = files;
        this.signatures = signatures;
        this.chain = chain;
        this.keys = keys;
    }

    /** The number of records so far. */
    long size() {
        return seq;
    }

    /** The key that the next record has to be signed with. */
    String keyInForce() {
        return keyInForce;
    }

    /** Of all records so far, unless one is missing or broken. */
    Optional<String> root() {
        return Optional.ofNullable(range).map(CompactRange::rootHex);
    }

    /** The keys of the ledger itself that signed a record; an approver's vouches for nothing but the approval. */
    Set<String> signers() {
        return signers;
    }

    /** The next record; null if it is missing. */
    void step(@Nullable SeenEntry entry) {
        seq++;
        if (entry == null) {
            range = null;
            previous = null;
            return;
        }
        signature(entry);
        chain(entry);
        range = range == null || entry.leaf().isEmpty() ? null : range.with(entry.leafHash());
        previous = entry;
    }

    private void signature(SeenEntry entry) {
        boolean own =
                entry.isPersonal() || keyInForce.isEmpty() || entry.keyId().equals(keyInForce);
        if (!entry.isSound()) {
            signatures.fault(entry.object(), entry.problem());
        } else if (!own) {
            signatures.fault(
                    entry.object(),
                    "is signed with the key %s, and the ledger's was %s".formatted(entry.keyId(), keyInForce));
        } else {
            signatures.sound();
            keyInForce = keyInForce.isEmpty() ? entry.keyId() : keyInForce;
            if (!entry.isPersonal()) {
                signers.add(entry.keyId());
            }
            change(entry);
        }
    }

    private void change(SeenEntry entry) {
        if (!entry.is(EntryKind.KEY_CHANGE)) {
            return;
        }
        SeenEntry.Stated stated = entry.stated().orElseThrow();
        String to = stated.text("/to");
        Optional<VerifyingKey> named = VerifyingKey.read(stated.text("/publicKey"));
        boolean good = stated.text("/from").equals(keyInForce)
                && named.filter(key -> key.id().equals(to)).isPresent();
        keys.judge(good, entry.object(), "changes to a key that it does not hold");
        if (good) {
            keyInForce = to;
        }
    }

    private void chain(SeenEntry entry) {
        Optional<SeenEntry.Stated> stated = entry.stated();
        if (stated.isEmpty()) {
            chain.fault(entry.object(), "cannot be read, so nothing tells where it belongs");
            return;
        }
        SeenEntry.Stated what = stated.get();
        if (what.seq() != seq || !what.ledgerId().equals(files.ledgerId())) {
            chain.fault(entry.object(), "says it is record %d of ledger %s".formatted(what.seq(), what.ledgerId()));
        } else if (seq > 1 && previous == null) {
            chain.fault(entry.object(), "follows on a record that is missing");
        } else {
            String expected = previous == null ? "" : previous.sha256();
            chain.judge(
                    what.prev().equals(expected), entry.object(), "names another predecessor than the one there is");
        }
    }
}
