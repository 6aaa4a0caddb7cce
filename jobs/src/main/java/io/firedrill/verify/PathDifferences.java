package io.firedrill.verify;

import io.firedrill.mongo.RawFields;
import io.firedrill.verify.PathDifference.How;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonType;
import org.bson.RawBsonDocument;

/** Finds the places in which two documents differ. */
final class PathDifferences {
    /** Of one document; whoever wants to see more has the id. */
    private static final int PLACES_MAX = 20;

    private final List<PathDifference> found = new ArrayList<>();

    private PathDifferences() {}

    /** A value, by where it lies. */
    private static final class Value {
        private final byte type;
        private final byte[] bytes;
        private final int begin;
        private final int length;

        Value(byte type, byte[] bytes, int begin, int length) {
            this.type = type;
            this.bytes = bytes;
            this.begin = begin;
            this.length = length;
        }

        RawFields fields() {
            return new RawFields(bytes, begin);
        }

        boolean isNested() {
            return type == BsonType.DOCUMENT.getValue() || type == BsonType.ARRAY.getValue();
        }

        boolean isEqual(Value other) {
            return Arrays.equals(bytes, begin, begin + length, other.bytes, other.begin, other.begin + other.length);
        }

        String typeName() {
            return BsonType.findByValue(type).name().toLowerCase(Locale.ROOT);
        }
    }

    /** The first of them; at least one where the documents are not the same to the byte. */
    static List<PathDifference> between(RawBsonDocument before, RawBsonDocument after) {
        var differences = new PathDifferences();
        differences.compare("", value(before), value(after));
        return List.copyOf(differences.found);
    }

    private static Value value(RawBsonDocument document) {
        ByteBuffer raw = document.getByteBuffer().asNIO();
        return new Value(
                (byte) BsonType.DOCUMENT.getValue(), raw.array(), raw.arrayOffset() + raw.position(), raw.remaining());
    }

    private void add(String path, How how, String types) {
        if (found.size() < PLACES_MAX) {
            found.add(new PathDifference(path, how, types));
        }
    }

    private void compare(String path, Value before, Value after) {
        if (before.type != after.type) {
            add(path, How.TYPE, "%s to %s".formatted(before.typeName(), after.typeName()));
        } else if (!before.isEqual(after)) {
            if (before.isNested()) {
                nested(path, before, after);
            } else {
                add(path, How.VALUE, "");
            }
        }
    }

    private void nested(String path, Value before, Value after) {
        Optional<Map<String, Value>> one = values(before);
        Optional<Map<String, Value>> other = values(after);
        if (one.isEmpty() || other.isEmpty()) {
            // With two fields of one name nobody can say which of them was changed.
            add(path, How.VALUE, "");
            return;
        }
        one.get().forEach((name, value) -> {
            Value found = other.get().get(name);
            if (found == null) {
                add(join(path, name), How.MISSING, "");
            } else {
                compare(join(path, name), value, found);
            }
        });
        other.get().keySet().stream()
                .filter(name -> !one.get().containsKey(name))
                .forEach(name -> add(join(path, name), How.ADDED, ""));
        if (!common(one.get(), other.get()).equals(common(other.get(), one.get()))) {
            add(path, How.ORDER, "");
        }
    }

    private static List<String> common(Map<String, Value> of, Map<String, Value> with) {
        return of.keySet().stream().filter(with::containsKey).toList();
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The fields by name; empty where one name is there twice. */
    private static Optional<Map<String, Value>> values(Value nested) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (RawFields field = nested.fields(); field.next(); ) {
            String name = new String(field.bytes(), field.name(), field.nameLength(), StandardCharsets.UTF_8);
            var value = new Value(field.type(), field.bytes(), field.value(), field.valueLength());
            if (values.put(name, value) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }
}
