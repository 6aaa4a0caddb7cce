package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class ShapeComparisonTest {
    private static final Namespace ORDERS = Namespace.parse("shop.orders");

    private static CollectionShape shape(String options, String... indexes) {
        return new CollectionShape(
                ORDERS,
                CollectionShape.Kind.COLLECTION,
                Optional.of(new UUID(1, 2)),
                BsonDocument.parse(options),
                List.of(indexes).stream().map(BsonDocument::parse).toList(),
                false);
    }

    private static String difference(CollectionShape expected, CollectionShape found) {
        return ShapeComparison.differences(List.of(expected), List.of(found)).getOrDefault(ORDERS, "");
    }

    @Test
    void anIndexOnOtherFieldsFirstIsAnotherIndex() {
        String ab = "{v: 2, key: {a: 1, b: 1}, name: 'i'}";
        assertThat(difference(shape("{}", ab), shape("{}", "{v: 2, key: {b: 1, a: 1}, name: 'i'}")))
                .startsWith("has other indexes");
        assertThat(difference(shape("{}", ab), shape("{}", "{name: 'i', v: 2, key: {a: 1, b: 1}}")))
                .isEmpty();
    }

    @Test
    void anotherTypeIsAnotherValue() {
        assertThat(difference(shape("{}", "{key: {a: 1}, name: 'i'}"), shape("{}", "{key: {a: 1.0}, name: 'i'}")))
                .startsWith("has other indexes");
        assertThat(difference(shape("{validator: {a: 1, b: 1}}"), shape("{validator: {b: 1, a: 1}}")))
                .isEqualTo("has other options");
    }

    @Test
    void whatIsMissingOrSurplusIsNamed() {
        CollectionShape orders = shape("{}");
        assertThat(ShapeComparison.differences(List.of(orders), List.of())).containsEntry(ORDERS, "is missing");
        assertThat(ShapeComparison.differences(List.of(), List.of(orders)))
                .containsEntry(ORDERS, "should not be there");
        assertThat(difference(shape("{}", "{name: 'i'}"), shape("{}"))).startsWith("has other indexes");
    }
}
