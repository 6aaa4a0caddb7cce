package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.RedactedId;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import io.firedrill.restore.CollectionBuilder;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongoServers;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that a unique index of theirs forbids: a person learns which, and nothing of what stands in them. */
class UniqueViolationIT {
    private static final String VALUE = "ada@example.org";
    private static final String ID = "ada lovelace";

    private static MongoServers servers;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        servers = MongoServers.started();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @AfterEach
    void empty() {
        servers.emptyTarget();
    }

    @Test
    void aRestoreNamesTheIndexAndTheDocumentsAndNoValueOfTheirs() throws IOException {
        fillSource();
        try (ObjectStore store = ObjectStores.directory(directory.resolve("store"));
                var recovery = new Recovery(store)) {
            callUnique(recovery.catalog(), recovery.backup(servers.source(), 1));
            Ended ended = recovery.restore(servers.target(), "latest", "r1");

            Failure failure = Failure.in(ended.failure()).orElseThrow();
            assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION_FAILED);
            assertThat(failure.text())
                    .contains("shop.people", "unique index 'by email'")
                    .endsWith("such as those of _id 7 and " + RedactedId.of(new BsonString(ID)));
            assertThat(failure.hint()).contains("validate()", "--exclude");
            assertThat(told(ended)).doesNotContain(VALUE, ID);
            assertThat(ended.record().outcome()).isEqualTo(Outcome.FAILED);
            assertThat(new StagingMarker(servers.target()).read().orElseThrow().state())
                    .isEqualTo(StagingMarker.State.LOADING);
        }
    }

    /** What anybody could print or store of it. */
    private static String told(Ended ended) {
        var stack = new StringWriter();
        Objects.requireNonNull(ended.failure()).printStackTrace(new PrintWriter(stack, true));
        return stack + ended.record().json().toString();
    }

    private static void fillSource() {
        try (MongoClient client = servers.sourceServer().client()) {
            MongoCollection<Document> people = client.getDatabase("shop").getCollection("people");
            people.insertOne(new Document("_id", 7).append("email", VALUE));
            people.insertOne(new Document("_id", ID).append("email", VALUE));
            client.getDatabase("shop")
                    .runCommand(Document.parse(
                            "{createIndexes: 'people', indexes: [{key: {email: 1}, name: 'by email'}]}"));
        }
    }

    /** No sound server lets its documents violate an index: the backup says of an index that it is unique, which it was not. */
    private void callUnique(BackupCatalog catalog, Manifest made) throws IOException {
        BackupPlan plan = catalog.plan(made);
        Path manifest =
                directory.resolve("store/" + catalog.manifestKey(made.id()).value());
        Files.delete(manifest);
        Files.delete(manifest.resolveSibling(manifest.getFileName().toString().replace("manifest", "plan")));
        catalog.write(new BackupPlan(
                plan.id(),
                plan.source(),
                plan.identity(),
                plan.at(),
                plan.createdAt(),
                plan.collections().stream().map(UniqueViolationIT::unique).toList(),
                plan.units(),
                plan.excluded()));
        catalog.write(new Manifest(
                made.id(),
                made.source(),
                made.consistencyPoint(),
                made.createdAt(),
                made.sealedAt(),
                catalog.planSha256(made.id()),
                made.parts(),
                made.totals(),
                made.oplog(),
                made.keys(),
                made.synthetic()));
    }

    private static CollectionShape unique(CollectionShape shape) {
        List<BsonDocument> indexes = shape.indexes().stream()
                .map(spec -> BsonDocument.parse(spec.toJson()))
                .map(spec ->
                        spec.containsValue(new BsonString("by email")) ? spec.append("unique", BsonBoolean.TRUE) : spec)
                .toList();
        return new CollectionShape(
                shape.namespace(), shape.kind(), shape.uuid(), shape.options(), indexes, shape.mixedSchema());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            key: {a: 1}                                            | {a: 1}, {a: 2}, {a: 1.0}                                     | 0 and 2
            key: {a: 1}                                            | {}, {a: null}, {a: 1}                                       | 0 and 1
            key: {a: 1, 'b.c': -1}                                 | {a: 1, b: {c: 2}}, {a: 1, b: {c: 3}}, {a: 1, b: {c: 2}}      | 0 and 2
            key: {a: 1}, sparse: true                              | {}, {}, {a: 5}, {a: 5}                                      | 2 and 3
            key: {a: 1}, partialFilterExpression: {live: true}     | {a: 1}, {a: 1}, {a: 2, live: true}, {a: 2, live: true}      | 2 and 3
            key: {a: 1}, collation: {locale: 'en', strength: 2}    | {a: 'x'}, {a: 'y'}, {a: 'X'}                                | 0 and 2
            key: {a: 1}                                            | {a: [1, 2]}, {a: [3]}, {a: [1, 2]}                          | 0 and 2
            """)
    void whatSharesAKeyIsNamed(String spec, String documents, String ids) {
        assertThat(violation(spec, documents).text()).endsWith("such as those of _id " + ids);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            key: {a: 1}           | {a: [1, 2]}, {a: [2, 3]}
            key: {'a.0': 1}       | {a: [1]}, {a: [2]}, {a: [1]}
            key: {a: '2dsphere'}  | {a: [1, 2]}, {a: [1, 2]}
            """)
    void whatAGroupCannotTellIsSaidToBeUnknown(String spec, String documents) {
        assertThat(violation(spec, documents).text())
                .contains("unique index 'u'")
                .contains("which documents share a key could not be told")
                .doesNotContain("_id");
    }

    @Test
    void ofManyTwentyAreNamed() {
        String many =
                String.join(", ", IntStream.range(0, 30).mapToObj(_ -> "{a: 1}").toList());
        assertThat(violation("key: {a: 1}", many).text())
                .endsWith(String.join(
                        " and ",
                        IntStream.range(0, 20).mapToObj(Integer::toString).toList()));
    }

    @Test
    void anOptionThatStagingDoesNotTakeIsNothingToTryAgain() {
        var shape = new CollectionShape(
                new Namespace("shop", "some"),
                CollectionShape.Kind.COLLECTION,
                Optional.empty(),
                new BsonDocument(),
                List.of(BsonDocument.parse("{v: 2, name: 'u', key: {a: 'unheard of'}}")),
                false);
        Failure index = refusal(builder -> builder.createIndexes(shape));
        assertThat(index.text())
                .contains("does not take the options", "createIndexes on shop.some", "67 CannotCreateIndex");

        var view = new CollectionShape(
                new Namespace("shop", "checked"),
                CollectionShape.Kind.VIEW,
                Optional.empty(),
                BsonDocument.parse("{viewOn: 'some', pipeline: [], heard: 'never'}"),
                List.of(),
                false);
        Failure created = refusal(builder -> builder.createViews(List.of(view)));
        assertThat(created.text()).contains("does not take the options", "create on shop.checked", "40415");
    }

    /** mongod 6.0.5 does not; without the mark it would leave measurements out of answers. */
    @Test
    void theMarkOfMixedBucketsIsNotLeftOutWhereStagingDoesNotKnowIt() {
        var buckets = new CollectionShape(
                new Namespace("shop", "system.buckets.measured"),
                CollectionShape.Kind.COLLECTION,
                Optional.empty(),
                new BsonDocument(),
                List.of(),
                true);
        Failure failure = refusal(builder -> builder.createIndexes(buckets));
        assertThat(failure.text()).contains("does not take the options", "collMod on shop.measured", "40415");
    }

    private static Failure refusal(Consumer<CollectionBuilder> work) {
        var builder = new CollectionBuilder(servers.target(), new StagingMarker(servers.target()));
        Failure failure = catchThrowableOfType(Failure.class, () -> work.accept(builder));
        assertThat(failure.kind()).as(failure.text()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.hint()).contains("--exclude", "staging clean");
        return failure;
    }

    private static Failure violation(String spec, String documents) {
        var namespace = new Namespace("shop", "some");
        try (MongoClient client = servers.targetServer().client()) {
            MongoCollection<Document> some = client.getDatabase("shop").getCollection("some");
            List<Document> all =
                    Document.parse("{all: [%s]}".formatted(documents)).getList("all", Document.class);
            IntStream.range(0, all.size()).forEach(i -> some.insertOne(new Document(all.get(i)).append("_id", i)));
        }
        BsonDocument index = BsonDocument.parse("{v: 2, name: 'u', unique: true, %s}".formatted(spec));
        var shape = new CollectionShape(
                namespace,
                CollectionShape.Kind.COLLECTION,
                Optional.empty(),
                new BsonDocument(),
                List.of(index),
                false);
        var builder = new CollectionBuilder(servers.target(), new StagingMarker(servers.target()));
        Failure failure = catchThrowableOfType(Failure.class, () -> builder.createIndexes(shape));
        assertThat(failure.kind()).isEqualTo(FailureKind.VERIFICATION_FAILED);
        assertThat(new CatalogReader(servers.target()).read("shop").getFirst().indexes())
                .hasSize(1);
        return failure;
    }
}
