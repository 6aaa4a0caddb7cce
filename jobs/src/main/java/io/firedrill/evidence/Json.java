package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How this room writes and reads JSON. */
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final JsonMapper COMPACT = JsonMapper.shared();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A record as a tree with secrets taken out. */
    static ObjectNode redacted(Object value) {
        ObjectNode tree = MAPPER.valueToTree(value);
        Redaction.apply(tree);
        return tree;
    }

    static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** What is signed: no space between, since nobody reads base64. */
    static byte[] compact(JsonNode tree) {
        return COMPACT.writeValueAsBytes(tree);
    }

    static ObjectNode read(byte[] bytes, String key) {
        return read(bytes, key, ObjectNode.class);
    }

    static <T> T value(JsonNode tree, String key, Class<T> type) {
        return read(MAPPER.writeValueAsBytes(tree), key, type);
    }

    static <T> T read(byte[] bytes, String key, Class<T> type) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (JacksonException broken) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "the object %s is not the JSON it should be".formatted(key),
                    "Something other than Firedrill has written or changed it; look at it before you trust this store.",
                    broken);
        }
    }

    /** Seconds to the microsecond, as every duration of a record is written. */
    static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9).setScale(6, RoundingMode.HALF_UP);
    }
}
