package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.HandmadeArchive;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which entries a replay would have to leave out. */
class KnownEntriesTest {
    private static OplogEntry entry(String kind, String namespace, String object) {
        BsonDocument entry = HandmadeArchive.entry(7, 1, kind, namespace, object);
        var raw = new RawBsonDocument(entry, new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
        return OplogEntry.copyOf(raw.array(), raw.arrayOffset() + raw.position(), raw.remaining());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x|shop.orders|{_id: 1}",
                "u|shop.system.views|{$v: 2, diff: {}}",
                "c|shop.$cmd|{reshardEverything: 'orders'}",
                "c|shop.$cmd|{collMod: 'orders', tableSpace: 'fast'}",
                "c|admin.$cmd|{applyOps: [{op: 'x', ns: 'shop.orders', o: {_id: 1}}]}",
                "c|admin.$cmd|{applyOps: [{op: 'c', ns: 'shop.$cmd', o: {reshardEverything: 'orders'}}]}",
                "c|admin.$cmd|{applyOps: [{op: 'c', ns: 'shop.$cmd', o: {collMod: 'orders', tableSpace: 'fast'}}]}",
                "c|admin.$cmd|{applyOps: [{op: 'c', ns: 'admin.$cmd', o: {applyOps: []}}]}",
                "c|admin.$cmd|{applyOps: [{op: 'c', ns: 'admin.$cmd', o: {commitTransaction: 1}}]}"
            })
    void whatCouldMeanAnythingIsUnknown(String kind, String namespace, String object) {
        assertThat(KnownEntries.unknown(entry(kind, namespace, object))).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n|''|{msg: 'periodic noop'}",
                "i|shop.orders|{_id: 1}",
                "d|shop.system.views|{_id: 'shop.seen'}",
                "u|shop.orders|{$v: 2, diff: {}}",
                "u|shop.system.views|{_id: 'shop.seen', viewOn: 'orders', pipeline: []}",
                "u|config.system.views|{$v: 2, diff: {}}",
                "c|shop.$cmd|{collMod: 'orders', validator: {}}",
                "c|config.$cmd|{collMod: 'chunks', tableSpace: 'fast'}",
                "c|admin.$cmd|{commitTransaction: 1}",
                "c|admin.$cmd|{abortTransaction: 1}",
                "c|admin.$cmd|{applyOps: [{op: 'i', ns: 'shop.orders', o: {_id: 1}}], partialTxn: true}"
            })
    void whatAServerWritesIsKnown(String kind, String namespace, String object) {
        assertThat(KnownEntries.unknown(entry(kind, namespace, object))).isEmpty();
    }
}
