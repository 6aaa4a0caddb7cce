package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.LoadedCopy;
import io.firedrill.testing.MongoServers;
import io.firedrill.testing.PlantedLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that do not fit the copy, or that this version does not know, planted in a log: the replay stops at them. */
class StrictDefinitionsIT {
    private static final UUID UNKNOWN = new UUID(7, 7);

    private static MongoServers servers;
    private static LoadedCopy base;
    private static UUID docs;
    private static UUID ring;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        servers = MongoServers.started();
        try (MongoClient client = servers.sourceServer().client()) {
            var shop = client.getDatabase("shop");
            shop.getCollection("docs").insertOne(new Document("_id", 1));
            shop.getCollection("docs").createIndex(new Document("a", 1));
            shop.runCommand(Document.parse("{create: 'ring', capped: true, size: 10000}"));
            shop.createView("view", "docs", List.of());
            base = LoadedCopy.of(servers);
        }
        docs = uuid("docs");
        ring = uuid("ring");
    }

    private static UUID uuid(String name) {
        return base.scope().shapes().stream()
                .filter(shape -> shape.namespace().collection().equals(name))
                .findFirst()
                .flatMap(CollectionShape::uuid)
                .orElseThrow();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @BeforeEach
    void load() {
        servers.emptyTarget();
        base.load(servers);
    }

    private Replayed replay(ReplayScope scope, String... entries) {
        try (ObjectStore store = ObjectStores.directory(directory)) {
            OplogLog log = PlantedLog.of(store, base.at(), List.of(entries));
            return new OplogReplay(List.of(log), log.span().to(), scope, () -> {})
                    .into(servers.target(), 2, bytes -> {});
        }
    }

    private void assertStops(String what, String... entries) {
        assertThatThrownBy(() -> replay(base.scope(), entries)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION_FAILED);
            assertThat(failure.text())
                    .containsPattern("the replay stopped at the oplog entry of \\d+,1")
                    .contains(what);
        });
    }

    private static String command(UUID uuid, String command) {
        return "{op: 'c', ns: 'shop.$cmd', ui: %s, o: %s}".formatted(json(uuid), command);
    }

    private static String json(UUID uuid) {
        return "{$binary: {base64: '%s', subType: '04'}}"
                .formatted(Base64.getEncoder().encodeToString(new BsonBinary(uuid).getData()));
    }

    @Test
    void aCommandThatIsNotKnownStopsTheReplayWithItsEntryAndNoValues() {
        assertStops(
                "{op: \"c\", ns: \"shop.$cmd\", ui: %s, o: {importCollection: \"docs\", secret: <string>, size: <int32>}, ts: "
                        .formatted(docs),
                command(docs, "{importCollection: 'docs', secret: 'somebody@example.org', size: 5}"));
        assertStops("convertToCapped", command(docs, "{convertToCapped: 'docs', size: 5}"));
        assertStops("collMod", command(docs, "{collMod: 'docs', newOption: 1}"));
        assertStops("importCollection", command(UNKNOWN, "{importCollection: 'other'}"));
        assertStops("{op: \"xi\"", "{op: 'xi', ns: 'shop.docs', ui: %s, o: {a: 1}}".formatted(json(docs)));
    }

    @Test
    void whatIsCreatedMustNotBeThere() {
        assertStops("create of shop.docs: the copy holds", command(UNKNOWN, "{create: 'docs'}"));
    }

    @Test
    void whatIsDroppedRenamedOrAlteredMustBeThere() {
        assertStops("drop of shop.none", command(UNKNOWN, "{drop: 'none'}"));
        assertStops("collMod of shop.none", command(UNKNOWN, "{collMod: 'none', validator: {}}"));
        assertStops(
                "renameCollection of shop.docs",
                command(docs, "{renameCollection: 'shop.docs', to: 'shop.ring', stayTemp: false}"));
        assertStops(
                "renameCollection of shop.docs",
                command(docs, "{renameCollection: 'shop.docs', to: 'shop.new', dropTarget: %s}".formatted(json(ring))));
        assertStops(
                "renameCollection of shop.none",
                command(UNKNOWN, "{renameCollection: 'shop.none', to: 'shop.new', stayTemp: false}"));
        assertStops("dropDatabase of shop", "{op: 'c', ns: 'shop.$cmd', o: {dropDatabase: 1}}");
        assertStops("'i' of shop.none", "{op: 'i', ns: 'shop.none', ui: %s, o: {_id: 1}}".formatted(json(UNKNOWN)));
    }

    @Test
    void indexesAreAddedOnceAndDroppedWhereTheyAre() {
        assertStops(
                "createIndexes of shop.docs", command(docs, "{createIndexes: 'docs', v: 2, key: {b: 1}, name: 'a_1'}"));
        assertStops("dropIndexes of shop.docs", command(docs, "{dropIndexes: 'docs', index: 'b_1'}"));
        assertStops("collMod of shop.docs", command(docs, "{collMod: 'docs', index: {name: 'b_1', hidden: true}}"));
    }

    @Test
    void viewsAreMadeOnceAndAlteredAndDroppedWhereTheyAre() {
        String write = "{op: '%s', ns: 'shop.system.views', o: %s, o2: {_id: 'shop.%s'}}";
        assertStops(
                "'i' of the view shop.view",
                write.formatted("i", "{_id: 'shop.view', viewOn: 'docs', pipeline: []}", "view"));
        assertStops(
                "'i' of the view shop.docs",
                write.formatted("i", "{_id: 'shop.docs', viewOn: 'ring', pipeline: []}", "docs"));
        assertStops(
                "'u' of the view shop.none",
                write.formatted("u", "{_id: 'shop.none', viewOn: 'docs', pipeline: []}", "none"));
        assertStops("'d' of the view shop.none", write.formatted("d", "{_id: 'shop.none'}", "none"));
        assertStops("{op: \"u\"", write.formatted("u", "{$v: 2, diff: {u: {viewOn: 'x'}}}", "view"));
        assertStops("{op: \"c\"", command(UNKNOWN, "{collMod: 'system.views', validator: {}}"));
        assertStops("create of shop.system.views", command(UNKNOWN, "{create: 'system.views'}"));
    }

    /** Somebody else changed the target meanwhile. */
    @Test
    void theTargetItselfIsLookedAt() {
        try (MongoClient client = servers.targetServer().client()) {
            var shop = client.getDatabase("shop");
            shop.createCollection("new");
            assertStops("the target holds a collection or view shop.new already", command(UNKNOWN, "{create: 'new'}"));
            assertStops(
                    "the target holds a collection or view shop.new already",
                    command(docs, "{renameCollection: 'shop.docs', to: 'shop.new'}"));
            shop.getCollection("docs").drop();
            assertStops("the target holds no collection shop.docs", command(docs, "{drop: 'docs'}"));
            assertStops("the target holds no collection shop.docs", command(docs, "{collMod: 'docs', validator: {}}"));
            String dropDatabase = "{op: 'c', ns: 'other.$cmd', o: {dropDatabase: 1}}";
            client.getDatabase("other").createCollection("surplus");
            assertStops("the target holds something in it that the source did not", dropDatabase);
        }
    }

    /** Later servers write several inserts into one entry that is no transaction, though it has a session. */
    @Test
    void entriesOfSeveralWritesAreTakenApart() {
        String session =
                "lsid: {id: 1}, txnNumber: {$numberLong: '1'}, prevOpTime: {ts: {$timestamp: {t: 5, i: 1}}, t: 1}";
        String inserts =
                "{op: 'i', ns: 'shop.docs', ui: %1$s, o: {_id: 2}}, {op: 'i', ns: 'shop.docs', ui: %1$s, o: {_id: 3}}"
                        .formatted(json(docs));
        String deletes =
                "{op: 'd', ns: 'shop.docs', ui: %1$s, o: {_id: 1}}, {op: 'd', ns: 'shop.docs', ui: %1$s, o: {_id: 2}}"
                        .formatted(json(docs));
        Replayed replayed = replay(
                base.scope(),
                "{op: 'c', ns: 'admin.$cmd', o: {applyOps: [%s]}, multiOpType: 1, %s}".formatted(inserts, session),
                "{op: 'c', ns: 'admin.$cmd', o: {applyOps: [%s]}}".formatted(deletes));

        assertThat(replayed.inserts()).isEqualTo(2);
        assertThat(replayed.deletes()).isEqualTo(2);
        assertThat(ids("shop", "docs")).containsExactly(3);
    }

    private static List<Object> ids(String database, String collection) {
        try (MongoClient client = servers.targetServer().client()) {
            List<Object> ids = new ArrayList<>();
            client.getDatabase(database).getCollection(collection).find().forEach(found -> ids.add(found.get("_id")));
            return ids;
        }
    }

    @Test
    void whatIsNotOfTheBackupIsLeftOutAndWhatChangesNothingIsNone() {
        Replayed replayed = replay(
                base.scope(),
                "{op: 'c', ns: 'config.$cmd', ui: %s, o: {create: 'x'}}".formatted(json(UNKNOWN)),
                "{op: 'i', ns: 'admin.system.users', ui: %s, o: {_id: 'shop.u'}}".formatted(json(UNKNOWN)),
                "{op: 'i', ns: '__firedrill.marker', ui: %s, o: {_id: 1}}".formatted(json(UNKNOWN)),
                "{op: 'c', ns: 'shop.docs', ui: %s, o: {dbCheck: 'shop.docs', type: 'batch'}}".formatted(json(docs)));

        assertThat(replayed.leftOut()).isEqualTo(3);
        assertThat(replayed.noops()).isEqualTo(1);
        assertThat(replayed.changes()).isZero();
    }

    private static Optional<Namespace> copy(Namespace source) {
        return source.collection().startsWith("left")
                ? Optional.empty()
                : Optional.of(new Namespace("copy", source.collection()));
    }

    /** The source's names in the log, the target's in the target. */
    @Test
    void whatIsCreatedLaterGetsTheNameThatTheTargetHasForIt() {
        ReplayScope scope = base.scope(StrictDefinitionsIT::copy);
        Replayed replayed = replay(
                scope,
                command(new UUID(8, 1), "{create: 'later', idIndex: {v: 2, key: {_id: 1}, name: '_id_'}}"),
                "{op: 'i', ns: 'shop.later', ui: %s, o: {_id: 1}}".formatted(json(new UUID(8, 1))),
                command(new UUID(8, 2), "{create: 'left'}"),
                command(new UUID(8, 2), "{drop: 'left'}"),
                command(new UUID(8, 2), "{renameCollection: 'shop.left', to: 'shop.left2'}"),
                "{op: 'i', ns: 'shop.left', ui: %s, o: {_id: 1}}".formatted(json(new UUID(8, 2))),
                "{op: 'i', ns: 'shop.system.views', o: {_id: 'shop.left view', viewOn: 'docs', pipeline: []}}",
                command(UNKNOWN, "{create: 'system.views'}"),
                "{op: 'i', ns: 'shop.system.views', o: {_id: 'shop.seen', viewOn: 'later', pipeline: []}}",
                command(new UUID(8, 1), "{renameCollection: 'shop.later', to: 'shop.moved'}"));

        assertThat(replayed.leftOut()).isEqualTo(5);
        assertThat(ids("copy", "moved")).containsExactly(1);
        assertThat(scope.shapes())
                .extracting(shape -> shape.namespace().toString())
                .contains("copy.moved", "copy.seen")
                .doesNotContain("copy.later", "copy.left");
        assertThat(replay(
                                scope,
                                command(UNKNOWN, "{drop: 'system.views'}"),
                                "{op: 'c', ns: 'shop.$cmd', o: {dropDatabase: 1}}")
                        .changes())
                .isEqualTo(2);
        assertThat(scope.shapes())
                .extracting(shape -> shape.namespace().toString())
                .doesNotContain("copy.seen");
    }

    /** Nobody selects the collection that the server fills for {@code $out}: what matters is what it is renamed to. */
    @Test
    void aTemporaryCollectionIsFollowedToItsNameAndGoesIfThatIsLeftOut() {
        String create = "{create: 'tmp.agg_out.%s', temp: true, idIndex: {v: 2, key: {_id: 1}, name: '_id_'}}";
        String rename = "{renameCollection: 'shop.tmp.agg_out.%s', to: 'shop.%s', stayTemp: false}";
        var first = new UUID(9, 1);
        var second = new UUID(9, 2);
        ReplayScope scope =
                base.scope(source -> source.collection().equals("docs2") ? Optional.of(source) : Optional.empty());
        Replayed replayed = replay(
                scope,
                command(first, create.formatted(1)),
                command(second, create.formatted(2)),
                "{op: 'i', ns: 'shop.tmp.agg_out.1', ui: %s, o: {_id: 1}}".formatted(json(first)),
                "{op: 'i', ns: 'shop.tmp.agg_out.2', ui: %s, o: {_id: 2}}".formatted(json(second)),
                command(first, rename.formatted(1, "docs2")),
                command(second, rename.formatted(2, "other")),
                "{op: 'i', ns: 'shop.other', ui: %s, o: {_id: 3}}".formatted(json(second)));

        assertThat(ids("shop", "docs2")).containsExactly(1);
        assertThat(replayed.leftOut()).isEqualTo(2);
        try (MongoClient client = servers.targetServer().client()) {
            assertThat(client.getDatabase("shop").listCollectionNames())
                    .containsExactlyInAnyOrder("docs", "docs2", "ring", "system.views", "view");
        }
    }

    @Test
    void whatIsLeftOutCannotBecomePartOfTheCopyNorLeaveIt() {
        for (String rename : List.of(
                command(new UUID(8, 2), "{renameCollection: 'shop.left', to: 'shop.docs2'}"),
                command(docs, "{renameCollection: 'shop.docs', to: 'shop.left'}"))) {
            assertThatThrownBy(() -> replay(base.scope(StrictDefinitionsIT::copy), rename))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.text())
                                    .contains("of its two names one is part of what is restored and the other is not"));
        }
    }
}
