package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.RestoreSource;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import java.nio.file.Path;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message that a person looks for one document by must not name others. */
class SegmentDifferenceIT {
    @TempDir
    private Path directory;

    @Test
    void namesOneDocumentThoughTheIdOfAnotherDiffersInTheOrderOfItsFieldsOnly() {
        try (MongodServer server = MongodServer.replicaSet("source");
                MongoClient client = server.client();
                Deployment deployment = server.deployment("source");
                var recovery = new Recovery(ObjectStores.directory(directory))) {
            MongoCollection<Document> held = client.getDatabase("shop").getCollection("c");
            held.insertOne(Document.parse("{_id: {a: 1, b: 2}, n: 1}"));
            held.insertOne(Document.parse("{_id: {b: 2, a: 1}, n: 2}"));
            recovery.backup(deployment, 1);
            held.updateOne(Document.parse("{n: 2}"), Document.parse("{$set: {n: 3}}"));

            assertThat(difference(recovery, deployment))
                    .startsWith("shop.c: 1 documents differ: changed sha256:")
                    .doesNotContain("surplus", "missing");
        }
    }

    private static String difference(Recovery recovery, Deployment found) {
        RestoreSource source =
                RestoreSource.of(recovery.catalog(), Recovery.id(1).value());
        CollectionShape shape = new CatalogReader(found)
                .read("shop").stream()
                        .filter(each -> each.namespace().collection().equals("c"))
                        .findFirst()
                        .orElseThrow();
        Segment segment = source.units().stream()
                .flatMap(unit -> source.part(unit).segments().stream())
                .filter(each -> source.plan()
                        .collections()
                        .get(each.collection())
                        .namespace()
                        .equals(shape.namespace()))
                .findFirst()
                .orElseThrow();
        return SegmentDifference.describe(found, shape, shape.uuid().orElseThrow(), segment, source.fetch(segment));
    }
}
