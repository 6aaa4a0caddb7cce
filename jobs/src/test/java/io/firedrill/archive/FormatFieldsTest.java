package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Manifest.PartRef;
import io.firedrill.archive.Manifest.Totals;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.OplogTimeline.Reason;
import io.firedrill.archive.Segment.Sealed;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.CollectionShape.Kind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.Stranger;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;

/** The tables of docs/ARCHIVE_FORMAT.md and what is written: each field, its type, and whether it is always there. */
class FormatFieldsTest {
    private static final Pattern TABLE =
            Pattern.compile("^### (.+)$|^\\| `(\\w+)(\\??)` \\| ([^|]+) \\|", Pattern.MULTILINE);
    private static final Map<String, BsonType> TYPES = Map.of(
            "text", BsonType.STRING,
            "int32", BsonType.INT32,
            "int64", BsonType.INT64,
            "date", BsonType.DATE_TIME,
            "timestamp", BsonType.TIMESTAMP,
            "boolean", BsonType.BOOLEAN,
            "binary", BsonType.BINARY,
            "raw document", BsonType.DOCUMENT);
    private static final String LIST = "list of ";

    private static final OpTime AT = new OpTime(1, 2);
    private static final Instant NOW = Instant.EPOCH;
    private static final String DIGEST = "0".repeat(64);
    private static final BackupId ID = new BackupId("20260101T000000Z-00000001");
    private static final Optional<BsonDocument> BOUND = Optional.of(new BsonDocument("_id", new BsonInt32(1)));
    private static final DeploymentIdentity IDENTITY = new DeploymentIdentity(
            "set", "id", List.of("host:1"), List.of("process"), "6.0.5", "6.0", Optional.empty());
    private static final CollectionShape SHAPE = new CollectionShape(
            Namespace.parse("shop.orders"),
            Kind.COLLECTION,
            Optional.of(new UUID(1, 2)),
            new BsonDocument(),
            List.of(new BsonDocument()),
            true);
    private static final CollectionShape VIEW = new CollectionShape(
            Namespace.parse("shop.view"), Kind.VIEW, Optional.empty(), new BsonDocument(), List.of(), false);
    private static final Excluded EXCLUDED = new Excluded("shop.orders", "asked for");
    private static final Segment PLAIN = segment(Optional.empty(), Optional.empty());
    private static final Slice SLICE = new Slice(AT, PLAIN);
    private static final Synthetic SYNTHETIC = new Synthetic(ID, AT, 1, 1, DIGEST, "seal");

    private record Field(String type, boolean optional) {}

    private final Map<String, Map<String, Field>> tables = tables();
    private final Set<String> seen = new HashSet<>();

    FormatFieldsTest() throws IOException {}

    @Test
    void tellsOfEveryFieldItsTypeAndWhetherItIsAlwaysThere() {
        written().forEach((kind, bodies) -> bodies.forEach(body -> check(kind, body)));

        Set<String> told = new HashSet<>();
        tables.forEach((table, fields) -> fields.keySet().forEach(field -> told.add(table + "." + field)));
        assertThat(seen).as("fields that are written").isEqualTo(told);
    }

    private void check(String table, BsonDocument document) {
        Map<String, Field> fields = tables.getOrDefault(table, Map.of());
        fields.forEach((name, field) -> assertThat(document.containsKey(name) || field.optional)
                .as("%s.%s is there", table, name)
                .isTrue());
        document.forEach((name, value) -> {
            assertThat(fields).as(table).containsKey(name);
            seen.add(table + "." + name);
            Optional.ofNullable(fields.get(name)).ifPresent(field -> check(table + "." + name, field.type, value));
        });
    }

    private void check(String where, String type, BsonValue value) {
        if (type.startsWith(LIST)) {
            value.asArray().forEach(each -> check(where, type.substring(LIST.length()), each));
        } else if (tables.containsKey(type)) {
            check(type, value.asDocument());
        } else if (!type.equals("any")) {
            assertThat(value.getBsonType()).as(where).isEqualTo(TYPES.get(type));
        }
    }

    private static Map<String, Map<String, Field>> tables() throws IOException {
        Map<String, Map<String, Field>> tables = new HashMap<>();
        String document = Stranger.document();
        List<Map<String, Field>> current = List.of();
        for (var row = TABLE.matcher(document.substring(document.indexOf("\n## Fields"))); row.find(); ) {
            if (row.group(1) == null) {
                var field = new Field(row.group(4), !row.group(3).isEmpty());
                current.forEach(table -> table.put(row.group(2), field));
            } else {
                current = List.of(row.group(1).split(", ")).stream()
                        .map(name -> tables.computeIfAbsent(name, _ -> new TreeMap<>()))
                        .toList();
            }
        }
        return tables;
    }

    /** Each kind with all that it can say, and with as little as it can. */
    private static Map<String, List<BsonDocument>> written() {
        Map<String, List<BsonDocument>> all = new TreeMap<>();
        all.put("plan", List.of(plan(BOUND, Optional.of(SYNTHETIC)), plan(Optional.empty(), Optional.empty())));
        all.put("part", List.of(part(delta()), part(sealed()), part(PLAIN)));
        all.put("manifest", List.of(manifest(Optional.of(SYNTHETIC)), manifest(Optional.empty())));
        all.put("key", List.of(key()));
        all.put("seal", List.of(seal(BOUND), seal(Optional.empty())));
        all.put("oplog-timeline", List.of(timeline(Optional.of(AT)), timeline(Optional.empty())));
        all.put("oplog-link", List.of(link(Optional.of(Duration.ZERO)), link(Optional.empty())));
        all.put("oplog-unlinked", List.of(new UnlinkedSlices("run", NOW, 1, 1, Set.of(DIGEST)).toBson()));
        for (String kind : List.of("sweep", "orphans")) {
            all.put(kind, List.of(new Sweep("run", NOW, List.of(ID), Set.of(DIGEST)).toBson()));
        }
        for (String kind : List.of("hold", "mark", "doubt")) {
            all.put(kind, List.of(new Notice(true, NOW, "somebody", "why").toBson()));
        }
        all.put("identity", List.of(IdentityFormat.toBson(IDENTITY)));
        all.put("successor", List.of(Succession.toBson(IDENTITY, "somebody", NOW)));
        return all;
    }

    private static BsonDocument plan(Optional<BsonDocument> bound, Optional<Synthetic> synthetic) {
        var unit = new Unit("000000", List.of(new Range(0, bound, bound)), 1);
        return new BackupPlan(
                        ID,
                        "source",
                        IDENTITY,
                        AT,
                        NOW,
                        List.of(SHAPE, VIEW),
                        List.of(unit),
                        List.of(EXCLUDED),
                        synthetic)
                .toBson();
    }

    private static BsonDocument part(Segment segment) {
        return new Part(ID, "000000", List.of(segment)).toBson();
    }

    private static Segment segment(Optional<BsonDocument> bound, Optional<Sealed> sealed) {
        return new Segment(0, bound, bound, AT, 1, 1, 1, DIGEST, DIGEST, true, sealed);
    }

    private static Segment sealed() {
        return segment(BOUND, Optional.of(new Sealed(DIGEST, "0".repeat(16))));
    }

    private static Segment delta() {
        return PLAIN.changed(0, AT, new Delta(PLAIN, new BsonArray(List.of(new BsonInt32(1))), 1));
    }

    private static BsonDocument manifest(Optional<Synthetic> synthetic) {
        Optional<OplogSpan> oplog = synthetic.map(_ -> new OplogSpan(AT, List.of(SLICE)));
        List<String> keys = synthetic.map(_ -> List.of("0".repeat(16))).orElse(List.of());
        return new Manifest(
                        ID,
                        "source",
                        AT,
                        NOW,
                        NOW,
                        DIGEST,
                        List.of(new PartRef("000000", DIGEST)),
                        new Totals(1, 1, 1, 1, 1, 1, 1),
                        oplog,
                        keys,
                        synthetic)
                .toBson();
    }

    private static BsonDocument key() {
        var bytes = new BsonBinary(new byte[32]);
        return new WrappedKey("source", "0".repeat(16), bytes, Map.of("recipient", bytes)).toBson();
    }

    private static BsonDocument seal(Optional<BsonDocument> bound) {
        return new Seal(
                        "source",
                        IDENTITY,
                        AT,
                        NOW,
                        List.of(SHAPE),
                        List.of(new SealedRange(0, bound, bound, 1, 1, DIGEST)),
                        List.of(EXCLUDED),
                        new Seal.Cost(Duration.ZERO, 1, "primary", 1, Duration.ZERO))
                .toBson();
    }

    private static BsonDocument timeline(Optional<OpTime> after) {
        return new OplogTimeline(1, IDENTITY, AT, 1, NOW, Reason.FIRST, after).toBson();
    }

    private static BsonDocument link(Optional<Duration> known) {
        return new OplogLink(1, 1, AT, 1, SLICE, 1, DIGEST, 1, NOW, known, known).toBson();
    }
}
