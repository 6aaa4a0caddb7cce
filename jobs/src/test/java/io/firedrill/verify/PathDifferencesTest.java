package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;

class PathDifferencesTest {
    private static RawBsonDocument raw(String json) {
        return new RawBsonDocument(BsonDocument.parse(json), new BsonDocumentCodec());
    }

    private static List<String> between(String before, String after) {
        return PathDifferences.between(raw(before), raw(after)).stream()
                .map(PathDifference::toString)
                .toList();
    }

    @Test
    void everyKindOfDifferenceIsNamedWithItsPlace() {
        assertThat(between("{a: 1, b: {c: 'x'}}", "{a: 1, b: {c: 'y'}}")).containsExactly("b.c has another value");
        assertThat(between("{n: 1}", "{n: {$numberLong: '1'}}")).containsExactly("n has another type (int32 to int64)");
        assertThat(between("{a: 1, b: 2}", "{a: 1}")).containsExactly("b is missing");
        assertThat(between("{a: 1}", "{a: 1, b: {c: 1}}")).containsExactly("b was added");
        assertThat(between("{a: 1, b: 2}", "{b: 2, a: 1}"))
                .containsExactly("the document has its fields in another order");
        assertThat(between("{in: {a: 1, b: 2, c: 3}}", "{in: {c: 3, a: 1}}"))
                .containsExactly("in.b is missing", "in has its fields in another order");
    }

    @Test
    void elementsOfArraysGoByTheirPosition() {
        assertThat(between("{items: [{p: 1}, {p: 2}]}", "{items: [{p: 1}, {p: 3}]}"))
                .containsExactly("items.1.p has another value");
        assertThat(between("{items: [1, 2]}", "{items: [1]}")).containsExactly("items.1 is missing");
        assertThat(between("{items: []}", "{items: {}}")).containsExactly("items has another type (array to document)");
    }

    @Test
    void equalDocumentsHaveNone() {
        assertThat(between("{a: [1, {b: 2}]}", "{a: [1, {b: 2}]}")).isEmpty();
    }

    @Test
    void noValueIsEverTold() {
        assertThat(between("{card: '4111-1111'}", "{card: '4222-2222'}").toString())
                .doesNotContain("4111", "4222");
    }

    @Test
    void onlyTheFirstAreToldAndLongPathsAreCut() {
        var before = new StringBuilder("{_id: 1");
        for (int i = 0; i < 30; i++) {
            before.append(", f").append(i).append(": 1");
        }
        assertThat(between(before + "}", "{_id: 1}")).hasSize(20);
        String name = "n".repeat(500);
        assertThat(between("{_id: 1}", "{_id: 1, " + name + ": 1}").getFirst()).hasSizeLessThan(230);
    }

    @Test
    void whereAFieldIsThereTwiceItsDocumentIsNamed() {
        byte[] one = {19, 0, 0, 0, 16, 'a', 0, 1, 0, 0, 0, 16, 'a', 0, 2, 0, 0, 0, 0};
        byte[] other = {19, 0, 0, 0, 16, 'a', 0, 2, 0, 0, 0, 16, 'a', 0, 2, 0, 0, 0, 0};
        assertThat(PathDifferences.between(new RawBsonDocument(one), new RawBsonDocument(other)))
                .extracting(PathDifference::toString)
                .containsExactly("the document has another value");
    }
}
