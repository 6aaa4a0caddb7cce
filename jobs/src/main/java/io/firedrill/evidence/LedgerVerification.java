package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes nothing in a ledger for granted: signatures, chain, checkpoints, keys, artefacts, approvals and what was said of readiness are each looked at
 * and counted. The whole ledger is read whatever the period, since a part proves nothing of its place.
 */
public final class LedgerVerification {
    private final Ledger ledger;
    private final LedgerFiles files;
    private final Clocks clocks;
    private final List<KeptCheckpoint> copies = new ArrayList<>();
    private final Map<String, VerifyingKey> roots = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Tally signatures = new Tally("signatures");
    private final Tally sequence = new Tally("sequence");
    private final Tally chain = new Tally("chain");
    private final Tally checkpoints = new Tally("checkpoints");
    private final Tally kept = new Tally("kept copies");
    private final Tally keys = new Tally("keys");
    private final Map<Long, String> rootsBySize = new HashMap<>();
    private final Set<String> signers = new HashSet<>();
    private Period period = Period.ALWAYS;
    private boolean artefacts = true;
    private @Nullable CronCalendar calendar;
    private Optional<Schedule> wanted = Optional.empty();
    private Consumer<LedgerEntry> reader = _ -> {};

    public LedgerVerification(Ledger ledger) {
        this.ledger = ledger;
        this.files = ledger.files();
        this.clocks = ledger.clocks();
    }

    /** Trusts these public keys only; without any, whichever key signed the first record. */
    public LedgerVerification trusting(List<VerifyingKey> pinned) {
        pinned.forEach(key -> roots.put(key.id(), key));
        return this;
    }

    /** Holds the ledger against checkpoints that were kept elsewhere. */
    public LedgerVerification against(List<KeptCheckpoint> elsewhere) {
        copies.addAll(elsewhere);
        return this;
    }

    /** Holds the ledger against every checkpoint in another store. */
    public LedgerVerification witnessedBy(ObjectStore witness) {
        var there = new LedgerFiles(witness, files.ledgerId());
        for (long size : there.checkpointSizes()) {
            ObjectKey key = there.checkpoint(size);
            String origin = witness.location() + " " + key;
            copies.add(there.read(key)
                    .map(bytes -> KeptCheckpoint.of(Checkpoint.read(origin, bytes), origin))
                    .orElseThrow());
        }
        return this;
    }

    /** Looks at artefacts, approvals and sign-offs of records of this period only. */
    public LedgerVerification in(Period wanted) {
        period = wanted;
        return this;
    }

    /** Leaves artefacts alone, where only the evidence is at hand. */
    public LedgerVerification withoutArtefacts() {
        artefacts = false;
        return this;
    }

    /**
     * Holds the runs against the schedules that records hold.
     *
     * @param set the schedule that is set, to tell where it is not the one that was recorded last
     */
    public LedgerVerification expecting(CronCalendar crons, Optional<Schedule> set) {
        calendar = crons;
        wanted = set;
        return this;
    }

    /**
     * Hands every record that can be read over as well, so that what was verified is what is read, and nobody reads the ledger
     * twice. They come in any order and from several threads; they count only if the verdict is that the ledger is sound.
     */
    public LedgerVerification telling(Consumer<LedgerEntry> wanted) {
        reader = wanted;
        return this;
    }

    public LedgerVerdict verify() {
        Map<String, VerifyingKey> published = published();
        Map<Long, SeenEntry> entries = entries(published);
        Map<Long, SeenCheckpoint> sealed = checkpoints();
        long size = entries.keySet().stream().mapToLong(seq -> seq).max().orElse(0);
        files.strangers().forEach(key -> sequence.extra(key, "does not belong into a ledger"));
        String root = walk(entries, sealed, size, published);
        citedElsewhere();
        copies.forEach(copy -> compare(copy, size));
        String trust = trust(entries);
        var cited = new ArtefactCheck(ledger, period, notes);
        var locks = new LockCheck(files, period, clocks.now(), notes);
        var approved = new ApprovalCheck(roots.keySet(), period, notes);
        if (!artefacts) {
            notes.add("the artefacts that records cite are not at hand here and were not looked at");
        }
        List<LedgerVerdict.Area> areas = Stream.of(
                        signatures,
                        sequence,
                        chain,
                        checkpoints,
                        kept,
                        keys,
                        artefacts ? cited.of(entries.values()) : new Tally("artefacts"),
                        artefacts ? locks.of(entries.values()) : new Tally("locks"),
                        approved.of(entries),
                        new ReadinessCheck(roots.keySet(), period, notes).of(entries))
                .map(Tally::area)
                .toList();
        return new LedgerVerdict(ledger.id(), period.name(), size, root, trust, areas, population(entries), notes);
    }

    /** A record that is not sound says nothing, neither that something ran nor that it should have. */
    private Population population(Map<Long, SeenEntry> entries) {
        if (calendar == null) {
            return Population.NONE;
        }
        List<RunTrace> traces = entries.values().stream()
                .filter(SeenEntry::isSound)
                .flatMap(entry -> entry.trace().stream())
                .collect(Collectors.toCollection(ArrayList::new));
        if (artefacts) {
            RunLog.open(files.store(), clocks).forEach(open -> traces.add(RunTrace.of(open)));
        }
        wanted.filter(set -> !Population.isInForce(traces, set))
                .ifPresent(_ -> notes.add(
                        "the schedule that is set is not the one that was recorded last: it counts from the next"
                                + " 'firedrill evidence reconcile' on"));
        return Population.of(traces, calendar, period, clocks.now());
    }

    private Map<String, VerifyingKey> published() {
        var found = new HashMap<String, VerifyingKey>();
        files.keyIds().forEach(id -> {
            Optional<VerifyingKey> key = files.key(id);
            key.ifPresent(good -> found.put(id, good));
            keys.judge(key.isPresent(), files.publicKey(id).value(), "is not the public key it is named after");
        });
        return found;
    }

    private Map<Long, SeenEntry> entries(Map<String, VerifyingKey> published) {
        // Signatures are what takes the time, and each is on its own.
        return LongStream.of(files.seqs())
                .parallel()
                .mapToObj(seq -> SeenEntry.of(files, seq, published, reader))
                .collect(Collectors.toMap(SeenEntry::seq, entry -> entry, (one, _) -> one, TreeMap::new));
    }

    private Map<Long, SeenCheckpoint> checkpoints() {
        return LongStream.of(files.checkpointSizes())
                .parallel()
                .mapToObj(size -> SeenCheckpoint.of(files, size))
                .collect(Collectors.toMap(SeenCheckpoint::size, seen -> seen, (one, _) -> one, TreeMap::new));
    }

    /** From the first record to the last; answers the root over all of them. */
    private String walk(
            Map<Long, SeenEntry> entries,
            Map<Long, SeenCheckpoint> sealed,
            long size,
            Map<String, VerifyingKey> published) {
        var walked = new LedgerWalk(files, signatures, chain, keys);
        var seals = new CheckpointCheck(files, entries, sealed, checkpoints, published, notes);
        for (long seq = 1; seq <= size; seq++) {
            @Nullable SeenEntry entry = entries.get(seq);
            sequence.judge(entry != null, files.record(seq).value(), "is missing");
            String before = walked.keyInForce();
            walked.step(entry);
            walked.root().ifPresent(root -> rootsBySize.put(walked.size(), root));
            seals.look(seq, size, walked, before);
        }
        seals.beyond(size);
        signers.addAll(walked.signers());
        signers.addAll(seals.signers());
        return walked.root().orElse("");
    }

    /** What the first record of another ledger says of this one is a copy too; a broken one is that ledger's fault. */
    private void citedElsewhere() {
        try {
            copies.addAll(ledger.citedElsewhere());
        } catch (Failure broken) {
            notes.add("another ledger of the store cannot be read: " + broken.text());
        }
    }

    private void compare(KeptCheckpoint copy, long size) {
        String object = "%s (%d)".formatted(copy.origin(), copy.size());
        if (copy.size() > size) {
            kept.fault(
                    object,
                    "speaks of %d records, and there are %d: records were cut off".formatted(copy.size(), size));
            return;
        }
        @Nullable String root = rootsBySize.get(copy.size());
        kept.judge(
                copy.root().equals(root),
                object,
                root == null
                        ? "cannot be compared: a record up to there is missing or broken"
                        : "has another root than the records that are there: they were rewritten");
    }

    private String trust(Map<Long, SeenEntry> entries) {
        @Nullable SeenEntry first = entries.get(1L);
        if (roots.isEmpty()) {
            return first == null
                    ? "in nobody: there is no first record"
                    : "on first use: in the key %s, because it signed the first record; pin it to know"
                            .formatted(first.keyId());
        }
        List<String> pinned =
                roots.keySet().stream().filter(signers::contains).sorted().toList();
        if (!entries.isEmpty() && pinned.isEmpty()) {
            keys.fault(files.prefix(), "is signed by none of the keys that were pinned");
            return "in nobody: no pinned key has signed anything here";
        }
        return "in pinned keys: " + String.join(", ", pinned);
    }

    /** A checkpoint as it was found, or why it cannot be read. */
    record SeenCheckpoint(long size, String object, Optional<Checkpoint> checkpoint, String sha256, String problem) {
        static SeenCheckpoint of(LedgerFiles files, long size) {
            String object = files.checkpoint(size).value();
            byte[] bytes = files.read(files.checkpoint(size)).orElse(new byte[0]);
            String sha256 = Hashes.sha256Hex(bytes);
            try {
                return new SeenCheckpoint(size, object, Optional.of(Checkpoint.read(object, bytes)), sha256, "");
            } catch (Failure broken) {
                return new SeenCheckpoint(size, object, Optional.empty(), sha256, broken.text());
            }
        }
    }
}
