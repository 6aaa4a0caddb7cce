package io.firedrill.evidence;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** A ledger with as many records as a test wants, and ways to write what no honest writer would. */
final class SampleLedger {
    static final SigningKey KEY = Samples.KEY;
    static final SigningKey APPROVER = SigningKey.make();

    private static final List<ObjectNode> RUNS = runs();

    final HeapStore store;
    final ManualTime time = new ManualTime();
    final Ledger ledger;

    SampleLedger(HeapStore store) {
        this.store = store;
        this.ledger = new Ledger(store, "shop-prod", time.clocks());
    }

    SampleLedger(int size) {
        this(new HeapStore());
        append(size, KEY);
    }

    /** What five different runs stated, without their places in a ledger. */
    private static List<ObjectNode> runs() {
        List<Function<Samples, RunRecord>> all = List.of(
                Samples::passedDrill,
                Samples::lateDrill,
                Samples::failedRestore,
                Samples::abortedBackup,
                Samples::sealedBackup);
        return all.stream()
                .map(run -> (ObjectNode) run.apply(new Samples()).json())
                .map(stated -> stated.without(List.of("schemaVersion", "identity", "ledgers")))
                .toList();
    }

    static ObjectNode run(int number) {
        return RUNS.get(Math.floorMod(number, RUNS.size())).deepCopy();
    }

    LedgerWriter writer(SigningKey key) {
        return ledger.writer(key, Optional.empty());
    }

    void append(int count, SigningKey key) {
        for (int i = 0; i < count; i++) {
            time.pass(Duration.ofHours(1));
            ObjectNode run = run(i);
            run.withObject("/when").put("recordedAt", time.now().toString());
            writer(key).append(run);
        }
    }

    LedgerEntry approve(long seq, String approver, SigningKey key) {
        return writer(key)
                .append(new Approval(ledger.entry(seq), true, approver, "data owner", "as it should be"))
                .entry();
    }

    /** The same, in a store of its own. */
    SampleLedger copy() {
        var copied = new HeapStore();
        store.objects.forEach((key, bytes) -> copied.objects.put(key, bytes.clone()));
        return new SampleLedger(copied);
    }

    /** Cuts off everything after the first so many records. */
    void cut(long size) {
        for (long gone = size() + 1; gone > size; gone--) {
            store.objects.remove(ledger.files().record(gone).value());
            store.objects.remove(ledger.files().checkpoint(gone).value());
        }
    }

    /** The bytes of a record's object, which are the store's own. */
    byte[] object(long seq) {
        return Objects.requireNonNull(
                store.objects.get(ledger.files().record(seq).value()));
    }

    long size() {
        long[] seqs = ledger.files().seqs();
        return seqs.length == 0 ? 0 : seqs[seqs.length - 1];
    }

    /** Writes records and checkpoints at the end whoever the ledger's key belongs to. */
    void forge(List<ObjectNode> runs, SigningKey key) {
        LedgerWriter forger = writer(key);
        store.objects.put(
                ledger.files().publicKey(key.id()).value(),
                key.publicKey().pem().getBytes(StandardCharsets.US_ASCII));
        for (ObjectNode run : runs) {
            Tip tip = size() == 0 ? Tip.EMPTY : Tip.of(ledger.checkpoint(size()).orElseThrow());
            LedgerEntry entry = forger.following(tip, "forged-" + tip.size(), EntryKind.RUN, run);
            store.objects.put(entry.key(), entry.bytes());
            forger.seal(tip, entry);
        }
    }

    /** What the runs from this number on stated. */
    List<ObjectNode> statedFrom(long seq) {
        var stated = new ArrayList<ObjectNode>();
        for (long number = seq; number <= size(); number++) {
            stated.add(ledger.entry(number)
                    .predicate()
                    .deepCopy()
                    .without(List.of("schemaVersion", "identity", "ledgers")));
        }
        return stated;
    }

    KeptCheckpoint keep() {
        return KeptCheckpoint.of(ledger.checkpoint(size()).orElseThrow(), "a note on paper");
    }

    LedgerVerification verification() {
        return new LedgerVerification(ledger).withoutArtefacts();
    }

    LedgerVerdict verify() {
        return verification().verify();
    }
}
