package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The segments of the newest sealed backup: by digest, so that equal data is not stored again, and by collection, so that
 * a backup cuts where the last one did and an unchanged range gives the same bytes.
 */
public record KnownSegments(Map<String, Segment> byDigest, Map<UUID, List<Segment>> byCollection) {
    static final KnownSegments NONE = new KnownSegments(Map.of(), Map.of());

    public KnownSegments {
        byDigest = Map.copyOf(byDigest);
        byCollection = Map.copyOf(byCollection);
    }

    public static KnownSegments of(BackupCatalog catalog) {
        return catalog.newestSealed()
                .map(catalog::manifest)
                .map(manifest -> {
                    catalog.keys().requireForAll(manifest.keys());
                    return of(catalog, manifest);
                })
                .orElse(NONE);
    }

    private static KnownSegments of(BackupCatalog catalog, Manifest manifest) {
        BackupPlan plan = catalog.plan(manifest);
        Map<String, Segment> byDigest = new HashMap<>();
        Map<UUID, List<Segment>> byCollection = new HashMap<>();
        for (Part part : Requests.all(manifest.parts(), ref -> catalog.part(manifest, ref))) {
            for (Segment segment : part.segments()) {
                segment.objects().forEach(object -> byDigest.put(object.sha256(), object));
                Optional<UUID> uuid =
                        plan.collections().get(segment.collection()).uuid();
                uuid.ifPresent(id -> byCollection
                        .computeIfAbsent(id, unknown -> new ArrayList<>())
                        .add(segment));
            }
        }
        return new KnownSegments(byDigest, byCollection);
    }
}
