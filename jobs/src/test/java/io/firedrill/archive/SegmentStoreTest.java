package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentStoreTest {
    private static final byte[] DOCUMENT = new RawBsonDocument(
                    new BsonDocument("_id", new BsonInt32(1)), new BsonDocumentCodec())
            .getByteBuffer()
            .asNIO()
            .array();

    @Test
    void aSegmentOfAnotherCompressorIsDamaged(@TempDir Path directory) throws Exception {
        try (ObjectStore objects = ObjectStores.directory(directory)) {
            var store = new SegmentStore(objects, "source");
            var writer = new SegmentWriter();
            writer.add(DOCUMENT, 0, DOCUMENT.length);
            Segment segment = store.put(writer, Map.of())
                    .segment(0, Optional.empty(), Optional.empty(), OpTime.of(new BsonTimestamp(1, 1)), writer);
            assertThat(store.check(segment)).as("before").isEqualTo(segment.bytesStored());

            ObjectKey key = store.keyOf(segment);
            try (OutputStream file = Files.newOutputStream(directory.resolve(key.value()));
                    var gzip = new GZIPOutputStream(file)) {
                gzip.write(DOCUMENT);
            }
            Failure failure = catchThrowableOfType(Failure.class, () -> store.fetch(segment));
            assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
            assertThat(failure.text()).contains(key.value(), "it cannot be unpacked");
        }
    }
}
