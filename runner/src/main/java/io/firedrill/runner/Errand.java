package io.firedrill.runner;

import io.firedrill.archive.Selection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Task;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonParseException;

/**
 * The run that units belong to, as its workers have to know it: no secret, no address of a server.
 *
 * @param lease that its process holds as long as it lives, and with which fencing number
 * @param catalog name of the source in the store
 * @param exclude what the settings of the run leave out of a backup
 * @param recipients fingerprints of those for whom a backup is encrypted; none where it is not
 * @param work backup or restore
 * @param replicaSet id of the one that is backed up, or restored into
 * @param version of Firedrill, which has to be the workers' own
 */
record Errand(
        String run,
        String lease,
        long fence,
        String catalog,
        String backup,
        SortedSet<String> exclude,
        SortedSet<String> recipients,
        Selection selection,
        String work,
        String replicaSet,
        String version) {
    static final String BACKUP = "backup";
    static final String RESTORE = "restore";

    /** Units of a backup; what is left out of it and for whom it is encrypted has to be the workers' own as well. */
    static Errand backup(
            RunOf run, String backup, SortedSet<String> exclude, SortedSet<String> recipients, String replicaSet) {
        return new Errand(
                run.id(),
                run.lease(),
                run.fence(),
                run.catalog(),
                backup,
                exclude,
                recipients,
                Selection.EVERYTHING,
                BACKUP,
                replicaSet,
                ownVersion());
    }

    static Errand restore(RunOf run, String backup, Selection selection, String replicaSet) {
        return new Errand(
                run.id(),
                run.lease(),
                run.fence(),
                run.catalog(),
                backup,
                new TreeSet<>(),
                new TreeSet<>(),
                selection,
                RESTORE,
                replicaSet,
                ownVersion());
    }

    /** The run, its lease, and the name of its source in the store. */
    record RunOf(String id, String lease, long fence, String catalog) {}

    boolean isRestore() {
        return work.equals(RESTORE);
    }

    /** The instance of the job that its units are of: an attempt at a backup is one, and so is a run that restores. */
    String instance() {
        return isRestore() ? run : backup;
    }

    /** What a worker keeps open for it: another attempt, or another backup, is another errand. */
    String key() {
        return "%s %d %s".formatted(lease, fence, backup);
    }

    /** A message that asks for one unit. */
    String with(Task task) {
        List<List<String>> selected = selection.texts();
        return new BsonDocument("version", new BsonString(version))
                .append("run", new BsonString(run))
                .append("lease", new BsonString(lease))
                .append("fence", new BsonInt64(fence))
                .append("catalog", new BsonString(catalog))
                .append("backup", new BsonString(backup))
                .append("exclude", array(exclude))
                .append("recipients", array(recipients))
                .append(
                        "selection",
                        new BsonArray(selected.stream().map(Errand::array).toList()))
                .append("work", new BsonString(work))
                .append("replicaSet", new BsonString(replicaSet))
                .append("step", new BsonString(task.step()))
                .append("unit", new BsonString(task.unit()))
                .append("execution", new BsonInt64(task.execution()))
                .toJson();
    }

    private static BsonArray array(Iterable<String> texts) {
        var array = new BsonArray();
        texts.forEach(text -> array.add(new BsonString(text)));
        return array;
    }

    /** The unit that a message asks for; nothing if it is none of ours. */
    static Optional<Task> task(String message) {
        try {
            BsonDocument document = BsonDocument.parse(message);
            return Optional.of(new Task(
                    text(document, "step"),
                    text(document, "unit"),
                    document.getNumber("execution").longValue()));
        } catch (JsonParseException | BsonInvalidOperationException _) {
            return Optional.empty();
        }
    }

    /** The run that it is asked for. */
    static Errand of(String message) {
        BsonDocument document = BsonDocument.parse(message);
        requireOwnVersion(text(document, "version"));
        List<List<String>> selected = document.getArray("selection").stream()
                .map(some -> texts(some.asArray()))
                .toList();
        return new Errand(
                text(document, "run"),
                text(document, "lease"),
                document.getNumber("fence").longValue(),
                text(document, "catalog"),
                text(document, "backup"),
                new TreeSet<>(texts(document.getArray("exclude"))),
                new TreeSet<>(texts(document.getArray("recipients"))),
                Selection.of(selected.get(0), selected.get(1), selected.get(2)),
                text(document, "work"),
                text(document, "replicaSet"),
                text(document, "version"));
    }

    private static void requireOwnVersion(String version) {
        if (!version.equals(ownVersion())) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the run is of firedrill %s and this worker of %s".formatted(version, ownVersion()),
                    "Give workers and runs one version: units of another may be something else.");
        }
    }

    static String ownVersion() {
        return new Version().getVersion()[0];
    }

    private static String text(BsonDocument document, String name) {
        return document.getString(name).getValue();
    }

    private static List<String> texts(BsonArray array) {
        return array.stream().map(BsonValue::asString).map(BsonString::getValue).toList();
    }
}
