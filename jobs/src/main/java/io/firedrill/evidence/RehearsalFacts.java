package io.firedrill.evidence;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What a rehearsal of migrations found, change by change. With the record's signature it is the receipt that a release waits
 * for: of this very artefact, these changes in this order, on that backup.
 *
 * @param tool {@code mongock}, {@code migrate-mongo} or {@code command}
 * @param toolVersion empty where the artefact does not tell it
 * @param artefactSha256 of what was run; empty where there is nothing to hash
 * @param database in the copy
 * @param full whether runs were cut off too; a quick rehearsal leaves that out
 * @param changes those that were pending, in the order in which the tool runs them
 * @param oplogRoom of the source's oplog; empty where no archive tells it
 * @param toolOptions what steers which rows and which changes the tool means, such as the name of its changelog; empty in a
 *     receipt from before it was recorded
 */
public record RehearsalFacts(
        String tool,
        String toolVersion,
        String artefact,
        String artefactSha256,
        String database,
        boolean full,
        List<OfChange> changes,
        Optional<OplogRoom> oplogRoom,
        Map<String, String> toolOptions) {
    /** What an earlier version recorded says nothing of the options. */
    public RehearsalFacts {
        changes = List.copyOf(changes);
        toolOptions = toolOptions == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(toolOptions));
    }

    /** One of whose source's oplog and of whose tool's options nothing is known. */
    public RehearsalFacts(
            String tool,
            String toolVersion,
            String artefact,
            String artefactSha256,
            String database,
            boolean full,
            List<OfChange> changes) {
        this(tool, toolVersion, artefact, artefactSha256, database, full, changes, Optional.empty(), Map.of());
    }

    /** The same, with other words about its changes. */
    public RehearsalFacts with(List<OfChange> told) {
        return new RehearsalFacts(
                tool, toolVersion, artefact, artefactSha256, database, full, told, oplogRoom, toolOptions);
    }

    /** The same, with what an archive of the source's oplog tells. */
    public RehearsalFacts with(Optional<OplogRoom> room) {
        return new RehearsalFacts(
                tool, toolVersion, artefact, artefactSha256, database, full, changes, room, toolOptions);
    }

    /** The same, with what steers the tool. */
    public RehearsalFacts steeredBy(Map<String, String> options) {
        return new RehearsalFacts(
                tool, toolVersion, artefact, artefactSha256, database, full, changes, oplogRoom, options);
    }

    /** How much of the source's oplog a change would take up, from 0; empty where that is not known. */
    public OptionalDouble oplogShare(OfChange change) {
        return oplogRoom.isPresent() && change.measures().isPresent()
                ? OptionalDouble.of((double) change.measures().get().oplogBytes()
                        / oplogRoom.get().bytes())
                : OptionalDouble.empty();
    }

    /**
     * How much the source's oplog held when it was archived last.
     *
     * @param bytes of its entries, above 0
     * @param seconds from its first to its last
     */
    public record OplogRoom(long bytes, double seconds) {}

    /** What a property came to. */
    public enum Grade {
        PROVEN,
        FAILED,
        /** It failed, and somebody had said why it may. */
        ACCEPTED,
        NOT_TESTED;

        /** Whether it was tried and does not hold, whatever anybody says of it. */
        public boolean isRefuted() {
            return this == FAILED || this == ACCEPTED;
        }
    }

    /**
     * One change.
     *
     * @param codeHash empty where it is not known
     * @param measures of its first run; empty where it was never run
     * @param burden what others would feel of it; empty where nobody looked
     * @param estimate how long it will take where it is meant to run; empty where it was never run, or in a receipt from before
     *     that was reckoned
     */
    public record OfChange(
            String id,
            String author,
            String where,
            String codeHash,
            List<OfProperty> properties,
            Optional<Measures> measures,
            Optional<Burden> burden,
            Optional<Estimate> estimate) {
        public OfChange {
            properties = List.copyOf(properties);
        }

        /** One that nobody reckoned with. */
        public OfChange(
                String id,
                String author,
                String where,
                String codeHash,
                List<OfProperty> properties,
                Optional<Measures> measures,
                Optional<Burden> burden) {
            this(id, author, where, codeHash, properties, measures, burden, Optional.empty());
        }

        /** One whose burden nobody looked for. */
        public OfChange(
                String id,
                String author,
                String where,
                String codeHash,
                List<OfProperty> properties,
                Optional<Measures> measures) {
            this(id, author, where, codeHash, properties, measures, Optional.empty());
        }

        /** The same, with how long it will take elsewhere. */
        public OfChange estimated(Estimate reckoned) {
            return new OfChange(id, author, where, codeHash, properties, measures, burden, Optional.of(reckoned));
        }

        /** How a person names it: the id alone may stand twice. */
        public String name() {
            return author.isEmpty() ? id : id + " (" + author + ")";
        }

        /** The grade of a property; not tested where nothing is said of it. */
        public Grade grade(String property) {
            return properties.stream()
                    .filter(each -> each.property().equals(property))
                    .map(OfProperty::grade)
                    .findFirst()
                    .orElse(Grade.NOT_TESTED);
        }
    }

    /**
     * One property of one change.
     *
     * @param detail what was seen, or why it was not tested
     * @param differences ids and paths of what differs, without values; the first of them only
     */
    public record OfProperty(String property, Grade grade, String detail, List<String> differences) {
        public OfProperty {
            differences = List.copyOf(differences);
        }
    }

    /**
     * What somebody felt who read and wrote documents of the collections that a change wrote to, one at a time and by their
     * {@code _id}: times from a request to its answer, in milliseconds.
     *
     * @param requests that were made during the run
     * @param p95BeforeMillis 95 of 100 took no longer, before the run
     * @param p95DuringMillis likewise during the run
     * @param maxDuringMillis the longest during the run
     */
    public record Burden(long requests, double p95BeforeMillis, double p95DuringMillis, double maxDuringMillis) {}

    /**
     * How long a change will take where it is meant to run. It holds for as many documents as the backup has.
     *
     * @param seconds what it took on the copy, as many times as the median of earlier changes
     * @param lowSeconds as many times as the quickest of them; empty where there was none
     * @param highSeconds as many times as the slowest of them; empty where there was none
     * @param documents that the collections which it wrote to hold in the backup
     * @param bytes that these documents are
     * @param earlier how many changes were applied to the same place before; 0: how fast that is in comparison is not known
     */
    public record Estimate(
            double seconds,
            Optional<Double> lowSeconds,
            Optional<Double> highSeconds,
            long documents,
            long bytes,
            int earlier) {
        /** What it rests on, for people: lower-case, without a full stop. */
        public String basis() {
            return earlier == 0
                    ? "as long as here: no change has been applied to the source after a rehearsal, so how fast it is in comparison is not known"
                    : "what it took here, times what %d earlier %s took on the source against their rehearsals"
                            .formatted(earlier, earlier == 1 ? "change" : "changes");
        }
    }

    /**
     * What a run cost, told from the copy's oplog.
     *
     * @param seconds of the whole process, its start included
     * @param rollbackSeconds of taking it back, likewise; empty where that was not tried
     * @param operations inserts, updates and deletes of documents
     * @param documents how many different ones were touched
     * @param oplogBytes that its entries take up
     * @param statements definitions that it made or changed, as "createIndexes shop.orders"
     * @param namespaces that it wrote to
     */
    public record Measures(
            double seconds,
            Optional<Double> rollbackSeconds,
            long operations,
            long documents,
            long oplogBytes,
            List<String> statements,
            List<String> namespaces) {
        public Measures {
            statements = List.copyOf(statements);
            namespaces = List.copyOf(namespaces);
        }

        /** The same, with how long it took to take it back. */
        public Measures tookBackIn(double taken) {
            return new Measures(seconds, Optional.of(taken), operations, documents, oplogBytes, statements, namespaces);
        }
    }
}
