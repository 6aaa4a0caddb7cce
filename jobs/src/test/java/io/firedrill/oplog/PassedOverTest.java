package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.mongo.OpTime;
import io.firedrill.testing.HandmadeArchive;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which entries a copy that was replayed does not show. */
class PassedOverTest {
    private final PassedOver passed = new PassedOver();

    private void add(String kind, String namespace, String object) {
        BsonDocument entry = HandmadeArchive.entry(7, 1, kind, namespace, object);
        if (kind.equals("u")) {
            entry.append("o2", BsonDocument.parse("{_id: 'featureCompatibilityVersion'}"));
        }
        var raw = new RawBsonDocument(entry, new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
        passed.add(OplogEntry.copyOf(raw.array(), raw.arrayOffset() + raw.position(), raw.remaining()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i|admin.system.users|{_id: 'shop.reader'}",
                "u|admin.system.roles|{$v: 2}",
                "d|admin.system.users|{_id: 'shop.reader'}",
                "c|admin.$cmd|{applyOps: [{op: 'i', ns: 'admin.system.users', o: {_id: 'shop.reader'}}]}",
                "c|admin.$cmd|{create: 'system.users'}",
                "c|admin.$cmd|{drop: 'system.roles'}",
                "c|admin.$cmd|{createIndexes: 'system.users', v: 2}",
                "c|admin.$cmd|{renameCollection: 'admin.tmp', to: 'admin.system.users'}",
                "c|admin.$cmd|{dropDatabase: 1}"
            })
    void usersAndRolesAreChangedByWhateverTouchesTheirCollections(String kind, String namespace, String object) {
        add(kind, namespace, object);
        assertThat(passed.access()).contains(new OpTime(7, 1));
        assertThat(passed.version()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n|''|{msg: 'periodic noop'}",
                "i|shop.system.users|{_id: 1}",
                "i|admin.notes|{_id: 1}",
                "i|admin.system.keys|{_id: 1}",
                "i|admin.system.version|{_id: 'authSchema'}",
                "c|admin.$cmd|{drop: 'notes'}",
                "c|shop.$cmd|{drop: 'system.users'}",
                "c|shop.$cmd|{dropDatabase: 1}",
                "c|admin.$cmd|{applyOps: [{op: 'i', ns: 'shop.orders', o: {_id: 1}}]}",
                "c|admin.$cmd|{commitTransaction: 1}"
            })
    void whatElseHappensIsReplayedOrIsNobodysMatter(String kind, String namespace, String object) {
        add(kind, namespace, object);
        assertThat(passed.access()).isEmpty();
        assertThat(passed.version()).isEmpty();
        assertThat(passed.prepared()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"u|admin.system.version|{$v: 2}", "i|admin.system.version|{_id: 'featureCompatibilityVersion'}"})
    void aChangeOfTheVersionIsOne(String kind, String namespace, String object) {
        add(kind, namespace, object);
        assertThat(passed.version()).contains(new OpTime(7, 1));
    }
}
