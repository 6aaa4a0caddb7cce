package io.firedrill.evidence;

import io.firedrill.storage.ObjectInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a ledger tell, kept in a file on this machine so that nobody reads ten thousand of them for a glance.
 *
 * <p>It is rebuilt from the store whenever it is missing, of another ledger, or not what the store holds: a record is known by the
 * name and size of its object, and the newest one that was known is read again and has to have the digest that it had, which holds
 * all before it by the chain. <b>It proves nothing</b>: what a glance takes for a proof is read from the store and verified.
 */
public final class RecordIndex {
    /** The form of the lines; a file of another form is made anew. */
    private static final String FORM = "firedrill record index 2";

    private final Path file;
    private final LedgerFiles files;
    private final Ledger ledger;

    /** @param folder of all indexes on this machine */
    public RecordIndex(Path folder, Ledger ledger) {
        this.ledger = ledger;
        this.files = ledger.files();
        String where = files.store().location() + " " + ledger.id();
        this.file = folder.resolve(
                Hashes.sha256Hex(where.getBytes(StandardCharsets.UTF_8)).substring(0, 16) + ".index");
    }

    /**
     * What is known of a ledger.
     *
     * @param traces of all runs, the oldest first
     * @param keyChanges the numbers of the records that say they change the key
     * @param uncounted records that are signed wrong, cannot be read, or are of a kind that only a newer version knows
     */
    public record Contents(List<RunTrace> traces, List<Long> keyChanges, List<Uncounted> uncounted) {}

    /** A record that counts for nothing, and why. */
    public record Uncounted(long seq, String why) {}

    /** From the file as far as it goes, the rest from the store. */
    public Contents read() {
        Map<Long, IndexLine> known = known();
        var lines = new TreeMap<Long, IndexLine>();
        var unknown = new ArrayList<ObjectInfo>();
        for (ObjectInfo object : files.records()) {
            long seq = files.seq(object);
            @Nullable IndexLine line = known.get(seq);
            if (line != null && line.bytes() == object.bytes()) {
                lines.put(seq, line);
            } else {
                unknown.add(object);
            }
        }
        boolean shrunk = lines.size() < known.size();
        read(unknown).forEach(line -> lines.put(line.seq(), line));
        if (!unknown.isEmpty() || shrunk) {
            write(lines);
        }
        return new Contents(
                lines.values().stream().flatMap(line -> line.trace().stream()).toList(),
                lines.values().stream()
                        .filter(IndexLine::keyChange)
                        .map(IndexLine::seq)
                        .toList(),
                lines.values().stream()
                        .filter(line -> !line.problem().isEmpty())
                        .map(line -> new Uncounted(line.seq(), line.problem()))
                        .toList());
    }

    /** Signatures are what takes the time, and each is on its own. */
    private List<IndexLine> read(List<ObjectInfo> objects) {
        Map<String, VerifyingKey> published = new HashMap<>();
        ledger.keys().forEach(key -> published.put(key.id(), key));
        return objects.parallelStream()
                .map(object -> IndexLine.of(files, files.seq(object), object.bytes(), published))
                .toList();
    }

    private Map<Long, IndexLine> known() {
        var known = new TreeMap<Long, IndexLine>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            Iterator<String> each = lines.iterator();
            if (!each.hasNext() || !each.next().equals(FORM)) {
                return Map.of();
            }
            while (each.hasNext()) {
                IndexLine line = IndexLine.parse(each.next());
                known.put(line.seq(), line);
            }
        } catch (IOException | RuntimeException _) {
            // No index, or none that can be read: all of it is in the store.
            return Map.of();
        }
        return known.isEmpty() || isSame(known.lastEntry().getValue()) ? known : Map.of();
    }

    private boolean isSame(IndexLine newest) {
        return files.read(files.record(newest.seq()))
                .filter(bytes -> Hashes.sha256Hex(bytes).equals(newest.sha256()))
                .isPresent();
    }

    /** Two that write at once both write the truth; whoever is last wins. */
    private void write(Map<Long, IndexLine> lines) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(file.getParent(), "index-", ".new");
            try {
                Stream<String> text = lines.values().stream().map(IndexLine::text);
                Files.write(fresh, Stream.concat(Stream.of(FORM), text).toList());
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException _) {
            // Without a place for it, the next glance takes longer, and sees the same.
        }
    }
}
