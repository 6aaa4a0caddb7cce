package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bson.BsonArray;
import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Copies a reply of 16 MB out of the driver's buffer and walks its documents: milliseconds per reply. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RawReplyBench {
    private final RawReply.RawReplyCodec codec = new RawReply.RawReplyCodec();
    private ByteBuffer reply;

    /** Makes the reply. */
    @Setup
    public void prepare() {
        var batch = new BsonArray(Arrays.stream(BenchDocuments.documents(16 << 20))
                .map(RawBsonDocument::new)
                .toList());
        var cursor = new BsonDocument("id", new BsonInt64(7))
                .append("ns", new BsonString("shop.orders"))
                .append("nextBatch", batch);
        reply = new RawBsonDocument(new BsonDocument("cursor", cursor), new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
    }

    /** What the scan does for every reply. */
    @Benchmark
    public long[] walk() {
        long[] bytes = {0};
        try (var reader = new BsonBinaryReader(reply.duplicate())) {
            codec.decode(reader, DecoderContext.builder().build())
                    .forEachDocument("nextBatch", (buffer, offset, length) -> bytes[0] += length);
        }
        return bytes;
    }
}
