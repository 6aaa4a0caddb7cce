package io.firedrill.storage;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of an object, relative to the store's own prefix: segments between slashes, none of which can lead out of
 * the store. Keys come from outside too, so whatever is not plainly a key is refused.
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
    private static final int BYTES_MAX = 1024;

    public ObjectKey {
        require(!value.isEmpty(), "is empty", value);
        require(
                value.chars().noneMatch(c -> c == '\\' || Character.isISOControl(c)),
                "holds a forbidden character",
                value);
        for (String segment : value.split("/", -1)) {
            require(!segment.isEmpty(), "has an empty segment", value);
            require(!segment.equals(".") && !segment.equals(".."), "has a segment of dots", value);
        }
        require(bytesOf(value) <= BYTES_MAX, "is longer than " + BYTES_MAX + " bytes", value);
    }

    public static ObjectKey of(String value) {
        return new ObjectKey(value);
    }

    /** The order in which stores list: by UTF-8 bytes, which is not the order of {@link String}. */
    @Override
    public int compareTo(ObjectKey other) {
        return inByteOrder(value, other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    static int inByteOrder(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static int bytesOf(String value) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(value))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("object key is not Unicode text", e);
        }
    }

    private static void require(boolean holds, String complaint, String value) {
        if (!holds) {
            throw new IllegalArgumentException("object key %s: '%s'".formatted(complaint, printable(value)));
        }
    }

    private static String printable(String value) {
        return value.substring(0, Math.min(value.length(), 200)).replaceAll("\\p{Cntrl}", "?");
    }
}
