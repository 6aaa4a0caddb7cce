package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.mongo.Namespace;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

class TouchedIdsTest {
    private static final Namespace ORDERS = Namespace.parse("shop.orders");
    private static final Namespace ITEMS = Namespace.parse("shop.items");

    @Test
    void aDocumentIsNewOnceInEachCollection() {
        var ids = new TouchedIds();
        assertThat(ids.isNew(ORDERS, new BsonInt32(1))).isTrue();
        assertThat(ids.isNew(ORDERS, new BsonString("1"))).isTrue();
        assertThat(ids.isNew(ITEMS, new BsonInt32(1))).isTrue();
        assertThat(ids.isNew(ORDERS, new BsonInt32(1))).isFalse();
        assertThat(ids.isNew(ORDERS, new BsonInt64(1)))
                .as("a number is the same document's, whatever its type")
                .isFalse();
        assertThat(ids.isNew(ORDERS, new BsonDouble(1))).isFalse();
    }

    @Test
    void whatThereIsNoRoomForMakesTheCountALeast() {
        var ids = new TouchedIds(2);
        assertThat(ids.isNew(ORDERS, new BsonInt32(1))).isTrue();
        assertThat(ids.isNew(ITEMS, new BsonInt32(1))).isTrue();
        assertThat(ids.isNew(ITEMS, new BsonInt32(1))).isFalse();
        assertThat(ids.isWhole(ITEMS)).isTrue();
        assertThat(ids.isNew(ITEMS, new BsonInt32(2))).isFalse();
        assertThat(ids.isWhole(ITEMS)).isFalse();
        assertThat(ids.isWhole(ORDERS)).isTrue();
    }
}
