package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The records of a store in the order they were written, each holding the digest of the one before.
 *
 * <p>A sequence number belongs to whoever creates its object, so any number of processes may append at once.
 */
public final class Ledger {
    private static final int BYTES_MAX = 256 << 20;
    private static final int TRIES_MAX = 1_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern NAME = Pattern.compile("(\\d{12})\\.json");

    private final ObjectStore store;
    private final String id;
    private final Clocks clocks;
    private final SecureRandom random = new SecureRandom();

    public Ledger(ObjectStore store, String ledgerId, Clocks clocks) {
        if (!ID.matcher(ledgerId).matches()) {
            throw new IllegalArgumentException("not a ledger id: " + ledgerId);
        }
        this.store = store;
        this.id = ledgerId;
        this.clocks = clocks;
    }

    /** Every ledger of a store. */
    public static List<Ledger> all(ObjectStore store, Clocks clocks) {
        String root = "evidence/";
        var found = new ArrayList<Ledger>();
        Optional<ObjectInfo> next = store.list(root).findFirst();
        while (next.isPresent()) {
            String name = next.get().key().value().substring(root.length()).split("/", 2)[0];
            if (ID.matcher(name).matches()) {
                found.add(new Ledger(store, name, clocks));
            }
            // '0' is the character after '/': the next key is the first of the next ledger.
            next = store.list(root, ObjectKey.of(root + name + "0")).findFirst();
        }
        return found;
    }

    public String id() {
        return id;
    }

    /** Adds a record: the statement with its place in this ledger, stored before this returns. */
    public RunRecord append(ObjectNode statement) {
        String recordId = RunIds.next(clocks.now(), random);
        Optional<RunRecord> head = head();
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            RunRecord record = following(head, recordId, statement);
            if (create(record)) {
                return record;
            }
            head = Optional.of(read(record.seq()));
        }
        throw new Failure(
                FailureKind.EVIDENCE_NOT_STORED,
                "%d sequence numbers of ledger %s were taken one after another".formatted(TRIES_MAX, id),
                "Look at who else writes to %s.".formatted(store.location()));
    }

    /** Every record, oldest first; read one by one as the stream is consumed. */
    public Stream<RunRecord> records() {
        long[] seqs = seqs();
        return LongStream.of(seqs).mapToObj(this::read);
    }

    /** The newest record that matches; reads backwards only as far as needed. */
    public Optional<RunRecord> newest(Predicate<RunRecord> matching) {
        return newestFirst().filter(matching).findFirst();
    }

    public RunRecord read(long seq) {
        ObjectKey key = key(seq);
        return store.read(key, BYTES_MAX)
                .map(bytes -> RunRecord.of(key.value(), bytes))
                .orElseThrow(() -> new Failure(
                        FailureKind.BACKUP_DAMAGED,
                        "the record %s is missing".formatted(key.value()),
                        "A ledger has no gaps; find out who deleted the object."));
    }

    /** The newest record of a run, looked for no further back than its start, with a day for clocks that disagree. */
    Optional<RunRecord> ofRun(String runId, Instant startedAt) {
        Instant oldest = startedAt.minus(Duration.ofDays(1));
        return newestFirst()
                .takeWhile(record -> !record.recordedAt().isBefore(oldest))
                .filter(record -> record.runId().equals(runId))
                .findFirst();
    }

    private Stream<RunRecord> newestFirst() {
        long[] seqs = seqs();
        return LongStream.range(0, seqs.length).mapToObj(index -> read(seqs[(int) (seqs.length - 1 - index)]));
    }

    private Optional<RunRecord> head() {
        long[] seqs = seqs();
        return seqs.length == 0 ? Optional.empty() : Optional.of(read(seqs[seqs.length - 1]));
    }

    private RunRecord following(Optional<RunRecord> head, String recordId, ObjectNode statement) {
        long seq = head.map(RunRecord::seq).orElse(0L) + 1;
        ObjectNode record = Json.object().put("schemaVersion", RecordFormat.SCHEMA_VERSION);
        record.putObject("identity")
                .put("recordId", recordId)
                .put("ledgerId", id)
                .put("seq", seq)
                .put("prev", head.map(RunRecord::sha256).orElse(""));
        ObjectNode clean = statement.deepCopy();
        Redaction.apply(clean);
        record.setAll(clean);
        return RunRecord.of(key(seq).value(), Json.bytes(record));
    }

    /** False if the number is another's. A retried put may find its own bytes: then the number is ours after all. */
    private boolean create(RunRecord record) {
        ObjectKey key = key(record.seq());
        return store.create(key, Content.of(record.bytes()))
                || store.read(key, BYTES_MAX)
                        .filter(taken -> Arrays.equals(taken, record.bytes()))
                        .isPresent();
    }

    private long[] seqs() {
        String prefix = prefix();
        try (Stream<ObjectInfo> objects = store.list(prefix)) {
            return objects.map(object -> NAME.matcher(object.key().value().substring(prefix.length())))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .sorted()
                    .toArray();
        }
    }

    private ObjectKey key(long seq) {
        return ObjectKey.of(prefix() + "%012d.json".formatted(seq));
    }

    private String prefix() {
        return "evidence/" + id + "/";
    }
}
