package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Which replica set a source is: the one that it has always been, or the one that an operator accepted last in its place. Each
 * acceptance is an object of its own under the next number, and the last one counts. Everybody whom the source has been
 * stays among {@link BackupCatalog#identities()}.
 */
public final class Succession {
    private static final String KIND = "successor";
    private static final Pattern NAME = Pattern.compile("\\d{6}");

    private final BackupCatalog catalog;
    private final ObjectStore store;
    private final ArchiveLayout layout;

    Succession(BackupCatalog catalog, ObjectStore store, ArchiveLayout layout) {
        this.catalog = catalog;
        this.store = store;
        this.layout = layout;
    }

    /** Two replica sets under one source name would mix their segments and, worse, their backups: refuses all but the one. */
    public void requireCurrent(DeploymentIdentity source) {
        var others = new TreeSet<>(current());
        others.remove(source.replicaSetId());
        if (!others.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the store holds another replica set under the source name '%s' (%s, now %s)"
                            .formatted(catalog.source(), String.join(", ", others), source.replicaSetId()),
                    "Check the connection string of the source, or give this source a name of its own with FIREDRILL_SOURCE_NAME. Only if it has taken the other one's place, accept it: --new-source %s."
                            .formatted(source.replicaSetId()));
        }
    }

    /**
     * Accepts the source as it is now, for good: whoever was the source before is refused from then on.
     *
     * @param replicaSetId whom the operator means; another one than the source is refused
     * @param operator who says so
     * @return the ids of the replica sets whose place it takes; none if it was the source already
     */
    public Set<String> accept(DeploymentIdentity source, String replicaSetId, String operator, Instant now) {
        if (!source.replicaSetId().equals(replicaSetId)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--new-source accepts the replica set %s, and the source is %s"
                            .formatted(replicaSetId, source.replicaSetId()),
                    "Check the connection string of the source; nothing was accepted.");
        }
        var before = new TreeSet<>(current());
        before.remove(replicaSetId);
        if (!before.isEmpty()) {
            catalog.remember(source);
            write(source, operator, now);
        }
        return before;
    }

    static BsonDocument toBson(DeploymentIdentity source, String operator, Instant now) {
        return new BsonDocument("identity", IdentityFormat.toBson(source))
                .append("acceptedAt", new BsonDateTime(now.toEpochMilli()))
                .append("operator", new BsonString(operator));
    }

    private void write(DeploymentIdentity source, String operator, Instant now) {
        ObjectKey key = layout.successor(newest() + 1);
        if (!store.create(key, Content.of(ArchiveFile.encode(KIND, toBson(source, operator, now))))) {
            throw new Failure(
                    FailureKind.LOCK_LOST,
                    "another run has accepted a source at the same time (%s)".formatted(key.value()),
                    "Start again: this one is refused if the other run has accepted another replica set.");
        }
    }

    /** One id; several where a store was mixed up before acceptances were kept; none where nothing is known yet. */
    private Set<String> current() {
        int newest = newest();
        if (newest > 0) {
            return Set.of(read(layout.successor(newest)).replicaSetId());
        }
        var ids = new TreeSet<String>();
        catalog.identities().forEach(identity -> ids.add(identity.replicaSetId()));
        return ids;
    }

    private DeploymentIdentity read(ObjectKey key) {
        byte[] bytes = store.read(key, ArchiveFile.BYTES_MAX).orElseThrow(() -> ArchiveFile.missing(key));
        return ArchiveFile.decode(KIND, key, bytes, bson -> IdentityFormat.from(bson.getDocument("identity")));
    }

    private int newest() {
        try (Stream<String> names = store.list(layout.successors())
                .map(info -> info.key().value().substring(layout.successors().length()))) {
            return names.filter(name -> NAME.matcher(name).matches())
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElse(0);
        }
    }
}
