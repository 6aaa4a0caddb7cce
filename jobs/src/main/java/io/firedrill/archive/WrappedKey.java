package io.firedrill.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * A data key as it lies in the store: wrapped for each of its recipients.
 *
 * @param commitment fixes the secret without telling it
 * @param wraps by the fingerprint of the recipient
 */
record WrappedKey(String source, String id, BsonBinary commitment, Map<String, BsonBinary> wraps) {
    WrappedKey {
        wraps = Map.copyOf(wraps);
    }

    static WrappedKey of(String source, DataKey key, List<Recipient> recipients) {
        Map<String, BsonBinary> wraps = new TreeMap<>();
        for (Recipient recipient : recipients) {
            byte[] wrapped = recipient.wrap(key.secret(), new KeyName(source, key.id()));
            wraps.put(recipient.fingerprint(), new BsonBinary(wrapped));
        }
        return new WrappedKey(source, key.id(), new BsonBinary(key.commitment()), wraps);
    }

    KeyName name() {
        return new KeyName(source, id);
    }

    BsonDocument toBson() {
        List<BsonValue> list = new ArrayList<>();
        new TreeMap<>(wraps)
                .forEach((recipient, wrapped) ->
                        list.add(new BsonDocument("recipient", new BsonString(recipient)).append("wrapped", wrapped)));
        return new BsonDocument("source", new BsonString(source))
                .append("id", new BsonString(id))
                .append("commitment", commitment)
                .append("wraps", new BsonArray(list));
    }

    static WrappedKey from(BsonDocument bson) {
        Map<String, BsonBinary> wraps = new TreeMap<>();
        for (BsonValue value : bson.getArray("wraps")) {
            BsonDocument wrap = value.asDocument();
            wraps.put(wrap.getString("recipient").getValue(), wrap.getBinary("wrapped"));
        }
        return new WrappedKey(
                bson.getString("source").getValue(),
                DataKey.checkedId(bson.getString("id").getValue()),
                bson.getBinary("commitment"),
                wraps);
    }
}
