package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A segment is its documents, one after the other: the JDK's digest and the compressor's own reader are the oracles. */
class SegmentWriterTest {
    private static final int CHUNK = ByteChunks.CHUNK;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 16 << 20})
    void documentsOfAnySizeComeThrough(int size) throws IOException, NoSuchAlgorithmException {
        var random = new Random(size);
        requireWhole("documents of %d bytes".formatted(size), 3, () -> size, random);
    }

    @Test
    void documentsOfManySizesComeThrough() throws IOException, NoSuchAlgorithmException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        requireWhole(
                "seed " + seed, 2_000, () -> 1 + random.nextInt(random.nextInt(100) == 0 ? 400_000 : 2_000), random);
    }

    @Test
    void anEmptySegmentIsASegment() throws IOException, NoSuchAlgorithmException {
        requireWhole("no document", 0, () -> 0, new Random(0));
    }

    @Test
    void memoryThatIsUsedAgainBringsNothingOfItsFormerBytes() throws IOException, NoSuchAlgorithmException {
        var random = new Random(7);
        for (int size : new int[] {5 * CHUNK, 10, 3 * CHUNK - 1, 0, CHUNK + 1}) {
            requireWhole("documents of %d bytes after others".formatted(size), 2, () -> size, random);
        }
    }

    @Test
    void whatIsHandedBackIsGivenToTheNextOnceAndNoMore() {
        byte[] chunk = new byte[CHUNK];
        var all = new ByteChunks();
        all.write(chunk, 0, CHUNK);
        all.release();
        all.release();
        var one = new ByteChunks();
        var other = new ByteChunks();
        one.write(new byte[] {1}, 0, 1);
        other.write(new byte[] {2}, 0, 1);

        assertThat(one.open()).hasBinaryContent(new byte[] {1});
        assertThat(other.open()).hasBinaryContent(new byte[] {2});
        assertThat(all.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK, CHUNK + 70_000, 2 * CHUNK + 1})
    void bytesCanBeHandedOnFromAnyPlace(int from) throws IOException {
        byte[] bytes = new byte[2 * CHUNK + 1];
        new Random(from).nextBytes(bytes);
        var chunks = new ByteChunks();
        chunks.write(bytes, 0, bytes.length);
        var out = new ByteArrayOutputStream();

        try (InputStream in = chunks.open()) {
            assertThat(in.readNBytes(from)).hasSize(from);
            assertThat(in.transferTo(out)).isEqualTo(bytes.length - from);
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private interface Size {
        int next();
    }

    private static void requireWhole(String what, int documents, Size size, Random random)
            throws IOException, NoSuchAlgorithmException {
        var writer = new SegmentWriter();
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < documents; i++) {
            byte[] padded = new byte[size.next() + 7];
            random.nextBytes(padded);
            writer.add(padded, 3, padded.length - 7);
            all.write(padded, 3, padded.length - 7);
        }
        String sha256 = writer.finish();
        SegmentWriter.Packed packed = writer.pack();

        assertThat(writer.documents()).as(what).isEqualTo(documents);
        assertThat(writer.bytesRaw()).as(what).isEqualTo(all.size());
        assertThat(sha256).as(what).isEqualTo(sha256(all.toByteArray()));
        byte[] stored = packed.open().readAllBytes();
        assertThat(packed.storedSha256()).as(what).isEqualTo(sha256(stored));
        assertThat(packed.bytes()).as(what).isEqualTo(stored.length);
        try (var unpacked = new ZstdInputStream(packed.open())) {
            assertThat(unpacked.readAllBytes()).as(what).isEqualTo(all.toByteArray());
        }
        packed.release();
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
