package io.firedrill.restore;

import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Principals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.RawBsonDocument;

/**
 * Restores users and roles, and overwrites none: one of the same name in the target is a refusal before the first write,
 * unless it is the very same document. The user who restores is the exception: it stays as it is, and the record says so.
 */
public final class AccessRestorer {
    private static final int NAMES_MAX = 20;

    private final Deployment target;
    private final RestoreSource source;
    private final StagingMarker marker;
    private final Principals principals;

    public AccessRestorer(Deployment target, RestoreSource source, StagingMarker marker) {
        this.target = target;
        this.source = source;
        this.marker = marker;
        this.principals = new Principals(target);
    }

    /**
     * What there is to restore, and what stays as it is in the target.
     *
     * @param wanted roles first, since users refer to them
     * @param left ids of users that are the restoring user itself
     */
    public record Access(Map<Namespace, List<RawBsonDocument>> wanted, List<String> left) {
        public long size() {
            return wanted.values().stream().mapToLong(List::size).sum();
        }
    }

    /** Compares the backup's users and roles with the target's; only reads, and refuses what would overwrite. */
    public Access examine() {
        requireBackedUp();
        Set<String> own = principals.own();
        List<String> left = new ArrayList<>();
        List<String> conflicts = new ArrayList<>();
        Map<Namespace, List<RawBsonDocument>> wanted = new LinkedHashMap<>();
        stored().forEach((namespace, documents) -> {
            Map<String, RawBsonDocument> present = present(namespace, documents);
            for (RawBsonDocument document : documents) {
                String id = Principals.idOf(document);
                RawBsonDocument other = present.get(id);
                if (other == null || isSame(document, other)) {
                    wanted.computeIfAbsent(namespace, unknown -> new ArrayList<>())
                            .add(document);
                } else if (namespace.equals(Namespace.USERS) && own.contains(id)) {
                    left.add(id);
                } else {
                    conflicts.add(id);
                }
            }
        });
        requireNone(conflicts);
        return new Access(wanted, left);
    }

    /** Inserts what is missing; the marker knows of each one before it exists, so that cleaning finds it. */
    public void restore(Access access) {
        access.wanted().forEach((namespace, documents) -> {
            Map<String, RawBsonDocument> present = present(namespace, documents);
            for (RawBsonDocument document : documents) {
                if (!present.containsKey(Principals.idOf(document))) {
                    marker.created(StagingMarker.Principal.of(namespace, document));
                    principals.insert(namespace, document);
                }
            }
        });
    }

    private Map<String, RawBsonDocument> present(Namespace namespace, List<RawBsonDocument> documents) {
        return principals.find(
                namespace, documents.stream().map(Principals::idOf).toList());
    }

    private Map<Namespace, List<RawBsonDocument>> stored() {
        Map<Namespace, List<RawBsonDocument>> stored = new LinkedHashMap<>();
        stored.put(Namespace.ROLES, new ArrayList<>());
        stored.put(Namespace.USERS, new ArrayList<>());
        for (String unit : source.accessUnits()) {
            for (Segment segment : source.part(unit).segments()) {
                Namespace namespace =
                        source.plan().collections().get(segment.collection()).namespace();
                List<RawBsonDocument> documents = stored.computeIfAbsent(namespace, unknown -> new ArrayList<>());
                source.fetch(segment)
                        .forEachDocument((bytes, offset, length) ->
                                documents.add(new RawBsonDocument(Arrays.copyOfRange(bytes, offset, offset + length))));
            }
        }
        return stored;
    }

    private static boolean isSame(RawBsonDocument one, RawBsonDocument other) {
        return one.getByteBuffer().asNIO().equals(other.getByteBuffer().asNIO());
    }

    private void requireBackedUp() {
        source.plan().excluded().stream()
                .filter(excluded -> excluded.namespace().equals(Namespace.USERS.toString())
                        || excluded.namespace().equals(Namespace.ROLES.toString()))
                .findFirst()
                .ifPresent(excluded -> {
                    throw new Failure(
                            FailureKind.CONFIGURATION_INVALID,
                            "backup %s was made without users or roles: %s: %s"
                                    .formatted(source.manifest().id(), excluded.namespace(), excluded.reason()),
                            "Restore without --with-users, or choose another backup; nothing was written.");
                });
    }

    private void requireNone(List<String> conflicts) {
        if (!conflicts.isEmpty()) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "%s %s has other users or roles of the same name: %s"
                            .formatted(
                                    target.role(),
                                    target.hosts(),
                                    String.join(", ", conflicts.subList(0, Math.min(NAMES_MAX, conflicts.size())))),
                    "Firedrill overwrites none: drop them there, or restore without --with-users. Nothing was written.");
        }
    }
}
