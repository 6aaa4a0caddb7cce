package io.firedrill.archive;

import io.firedrill.mongo.BenchDocuments;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What happens to a segment of 32 MB between the socket and the store, and back: milliseconds per segment. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SegmentBench {
    private byte[][] documents;
    private Path directory;
    private ObjectStore store;
    private Segment stored;

    /** Stores one segment to be read. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        documents = BenchDocuments.documents(32 << 20);
        directory = Files.createTempDirectory("firedrill-jmh");
        store = ObjectStores.directory(directory);
        SegmentWriter writer = filled();
        SegmentStore.Stored put = new SegmentStore(store, "bench").put(writer, Map.of());
        stored = put.segment(0, Optional.empty(), Optional.empty(), new OpTime(0, 0), writer);
    }

    @TearDown(Level.Trial)
    public void cleanUp() throws IOException {
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    private SegmentWriter filled() {
        var writer = new SegmentWriter();
        for (byte[] document : documents) {
            writer.add(document, 0, document.length);
        }
        return writer;
    }

    /** All that an unchanged segment costs beside its scan. */
    @Benchmark
    public String digest() {
        return filled().finish();
    }

    /** What a changed one costs, without the store. */
    @Benchmark
    public Object digestAndCompress() {
        SegmentWriter writer = filled();
        writer.finish();
        return writer.pack();
    }

    /** The check before a restore. */
    @Benchmark
    public long checkStored() {
        return new SegmentStore(store, "bench").check(stored);
    }

    /** Read, digest, decompress, digest, walk: what a restore does to a segment before it is sent. */
    @Benchmark
    public long[] fetch() {
        long[] bytes = {0};
        new SegmentStore(store, "bench").fetch(stored).forEachDocument((buffer, offset, length) -> bytes[0] += length);
        return bytes;
    }
}
