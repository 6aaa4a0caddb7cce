package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;

class CanonicalFormTest {
    private final CanonicalForm form = new CanonicalForm();

    private static byte[] bytes(BsonDocument document) {
        ByteBuffer raw = new RawBsonDocument(document, new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
        var bytes = new byte[raw.remaining()];
        raw.get(bytes);
        return bytes;
    }

    private byte[] canonical(BsonDocument document) {
        byte[] bytes = bytes(document);
        return Arrays.copyOf(form.of(bytes, 0, bytes.length), bytes.length);
    }

    private byte[] canonical(String json) {
        return canonical(BsonDocument.parse(json));
    }

    @Test
    void theOrderOfFieldsDoesNotMatterAtAnyDepth() {
        assertThat(canonical("{b: 1, a: {d: [{y: 1, x: 2}], c: 3}, _id: 0}"))
                .isEqualTo(bytes(BsonDocument.parse("{_id: 0, a: {c: 3, d: [{x: 2, y: 1}]}, b: 1}")));
    }

    @Test
    void theOrderInAnArrayDoes() {
        assertThat(canonical("{a: [1, 2]}")).isNotEqualTo(canonical("{a: [2, 1]}"));
        assertThat(canonical("{a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}"))
                .as("position 10 comes after position 9, not after 1")
                .isEqualTo(bytes(BsonDocument.parse("{a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}")));
    }

    @Test
    void aNameThatBeginsLikeAnotherComesBeforeIt() {
        assertThat(canonical("{ab: 1, a: 2}")).isEqualTo(bytes(BsonDocument.parse("{a: 2, ab: 1}")));
    }

    @Test
    void ofTwoFieldsOfOneNameTheOrderDoes() {
        // {a: 1, a: 2} and {a: 2, a: 1}, which no BsonDocument can hold.
        byte[] one = {19, 0, 0, 0, 16, 'a', 0, 1, 0, 0, 0, 16, 'a', 0, 2, 0, 0, 0, 0};
        byte[] other = {19, 0, 0, 0, 16, 'a', 0, 2, 0, 0, 0, 16, 'a', 0, 1, 0, 0, 0, 0};
        byte[] first = Arrays.copyOf(form.of(one, 0, one.length), one.length);
        assertThat(first).isEqualTo(one).isNotEqualTo(Arrays.copyOf(form.of(other, 0, other.length), other.length));
    }

    @Test
    void shuffledAtWillADocumentStaysTheSameAndChangedInOneValueItDoesNot() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            BsonDocument document = document(random, 3);
            byte[] canonical = canonical(document);
            assertThat(canonical((BsonDocument) shuffled(document, random)))
                    .as("seed %d", seed)
                    .isEqualTo(canonical);
            assertThat(canonical(document.clone().append("another", new BsonInt32(i))))
                    .as("seed %d", seed)
                    .isNotEqualTo(canonical);
        }
    }

    private static BsonDocument document(Random random, int depth) {
        var document = new BsonDocument();
        for (int i = random.nextInt(8); i >= 0; i--) {
            document.append("f" + random.nextInt(20), value(random, depth));
        }
        return document;
    }

    private static BsonValue value(Random random, int depth) {
        return switch (depth == 0 ? random.nextInt(4) : random.nextInt(6)) {
            case 0 -> new BsonInt32(random.nextInt());
            case 1 -> new BsonInt64(random.nextLong());
            case 2 -> new BsonDouble(random.nextDouble());
            case 3 -> new BsonString("é".repeat(random.nextInt(2_000)));
            case 4 -> document(random, depth - 1);
            default -> new BsonArray(List.of(value(random, depth - 1), value(random, depth - 1)));
        };
    }

    private static BsonValue shuffled(BsonValue value, Random random) {
        if (value.isArray()) {
            return new BsonArray(
                    value.asArray().stream().map(each -> shuffled(each, random)).toList());
        }
        if (!value.isDocument()) {
            return value;
        }
        var shuffled = new BsonDocument();
        List<String> names = new ArrayList<>(value.asDocument().keySet());
        Collections.shuffle(names, random);
        names.forEach(name -> shuffled.append(
                name, shuffled(Objects.requireNonNull(value.asDocument().get(name)), random)));
        return shuffled;
    }
}
