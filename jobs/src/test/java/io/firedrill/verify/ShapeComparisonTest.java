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
                .isEqualTo("has another index i: key");
        assertThat(difference(shape("{}", ab), shape("{}", "{name: 'i', v: 2, key: {a: 1, b: 1}}")))
                .isEmpty();
    }

    @Test
    void anotherTypeIsAnotherValue() {
        assertThat(difference(shape("{}", "{key: {a: 1}, name: 'i'}"), shape("{}", "{key: {a: 1.0}, name: 'i'}")))
                .isEqualTo("has another index i: key");
        assertThat(difference(shape("{validator: {a: 1, b: 1}}"), shape("{validator: {b: 1, a: 1}}")))
                .isEqualTo("has other options: validator");
    }

    @Test
    void whatIsMissingOrSurplusIsNamed() {
        CollectionShape orders = shape("{}");
        assertThat(ShapeComparison.differences(List.of(orders), List.of())).containsEntry(ORDERS, "is missing");
        assertThat(ShapeComparison.differences(List.of(), List.of(orders)))
                .containsEntry(ORDERS, "should not be there");
        assertThat(difference(shape("{}", "{name: 'i'}"), shape("{}")))
                .isEqualTo("has other indexes: [] instead of [i]");
    }

    @Test
    void ofAnIndexThatWasChangedItIsNamedInWhat() {
        String plain = "{name: 'i', key: {a: 1}}";
        assertThat(difference(
                        shape("{}", plain, "{name: 'j', unique: true}"),
                        shape("{}", "{name: 'i', key: {a: 1}, hidden: true}", "{name: 'j', sparse: true}")))
                .isEqualTo("has another index i: hidden, has another index j: sparse, unique");
    }
}
