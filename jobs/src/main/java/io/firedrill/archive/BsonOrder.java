package io.firedrill.archive;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonDbPointer;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/** The order in which a server keeps values in an index of a simple collation: the order of ranges of {@code _id}s. */
public final class BsonOrder implements Comparator<BsonValue> {
    public static final BsonOrder INSTANCE = new BsonOrder();

    private BsonOrder() {}

    @Override
    public int compare(BsonValue one, BsonValue other) {
        int byType = Integer.compare(rank(one.getBsonType()), rank(other.getBsonType()));
        return byType != 0 ? byType : compareAlike(one, other);
    }

    private int compareAlike(BsonValue one, BsonValue other) {
        return switch (one.getBsonType()) {
            case INT32, INT64, DOUBLE, DECIMAL128 -> numbers(one, other);
            case STRING, SYMBOL -> texts(text(one), text(other));
            case DOCUMENT -> documents(one.asDocument(), other.asDocument());
            case ARRAY -> arrays(one, other);
            case BINARY -> binaries(one.asBinary(), other.asBinary());
            case OBJECT_ID -> one.asObjectId().compareTo(other.asObjectId());
            case BOOLEAN -> one.asBoolean().compareTo(other.asBoolean());
            case DATE_TIME -> one.asDateTime().compareTo(other.asDateTime());
            case TIMESTAMP -> one.asTimestamp().compareTo(other.asTimestamp());
            case REGULAR_EXPRESSION -> expressions(one.asRegularExpression(), other.asRegularExpression());
            case DB_POINTER -> pointers(one.asDBPointer(), other.asDBPointer());
            case JAVASCRIPT ->
                texts(one.asJavaScript().getCode(), other.asJavaScript().getCode());
            case JAVASCRIPT_WITH_SCOPE -> {
                int byCode = texts(
                        one.asJavaScriptWithScope().getCode(),
                        other.asJavaScriptWithScope().getCode());
                yield byCode != 0
                        ? byCode
                        : documents(
                                one.asJavaScriptWithScope().getScope(),
                                other.asJavaScriptWithScope().getScope());
            }
            default -> 0;
        };
    }

    private static int rank(BsonType type) {
        return switch (type) {
            case MIN_KEY -> -1;
            case UNDEFINED, END_OF_DOCUMENT -> 0;
            case NULL -> 5;
            case INT32, INT64, DOUBLE, DECIMAL128 -> 10;
            case STRING, SYMBOL -> 15;
            case DOCUMENT -> 20;
            case ARRAY -> 25;
            case BINARY -> 30;
            case OBJECT_ID -> 35;
            case BOOLEAN -> 40;
            case DATE_TIME -> 45;
            case TIMESTAMP -> 47;
            case REGULAR_EXPRESSION -> 50;
            case DB_POINTER -> 55;
            case JAVASCRIPT -> 60;
            case JAVASCRIPT_WITH_SCOPE -> 65;
            case MAX_KEY -> 127;
        };
    }

    private static int numbers(BsonValue one, BsonValue other) {
        int byClass = Integer.compare(magnitude(one), magnitude(other));
        return byClass != 0 || magnitude(one) != 0 ? byClass : exact(one).compareTo(exact(other));
    }

    /** NaN comes first, then what is infinite and what is not. */
    private static int magnitude(BsonValue number) {
        if (number.isDecimal128()) {
            Decimal128 value = number.asDecimal128().getValue();
            return value.isNaN() ? -2 : !value.isInfinite() ? 0 : value.isNegative() ? -1 : 1;
        }
        double value = number.isDouble() ? number.asDouble().getValue() : 0;
        return Double.isNaN(value) ? -2 : !Double.isInfinite(value) ? 0 : value < 0 ? -1 : 1;
    }

    private static BigDecimal exact(BsonValue number) {
        return switch (number.getBsonType()) {
            case DOUBLE -> new BigDecimal(number.asDouble().getValue());
            case DECIMAL128 -> exact(number.asDecimal128().getValue());
            default -> BigDecimal.valueOf(number.asNumber().longValue());
        };
    }

    /** Java has no negative zero among its decimals. */
    private static BigDecimal exact(Decimal128 value) {
        boolean zero = value.equals(Decimal128.NEGATIVE_ZERO)
                || (value.isNegative() && value.toString().matches("-0(\\.0*)?(E[+-]?\\d+)?"));
        return zero ? BigDecimal.ZERO : value.bigDecimalValue();
    }

    private static String text(BsonValue value) {
        return value.isSymbol()
                ? value.asSymbol().getSymbol()
                : value.asString().getValue();
    }

    private static int texts(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private int documents(BsonDocument one, BsonDocument other) {
        Iterator<Map.Entry<String, BsonValue>> left = one.entrySet().iterator();
        Iterator<Map.Entry<String, BsonValue>> right = other.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            Map.Entry<String, BsonValue> first = left.next();
            Map.Entry<String, BsonValue> second = right.next();
            int byType = Integer.compare(
                    rank(first.getValue().getBsonType()), rank(second.getValue().getBsonType()));
            int byName = byType != 0 ? byType : texts(first.getKey(), second.getKey());
            int byValue = byName != 0 ? byName : compareAlike(first.getValue(), second.getValue());
            if (byValue != 0) {
                return byValue;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    private int arrays(BsonValue one, BsonValue other) {
        Iterator<BsonValue> left = one.asArray().iterator();
        Iterator<BsonValue> right = other.asArray().iterator();
        while (left.hasNext() && right.hasNext()) {
            int byValue = compare(left.next(), right.next());
            if (byValue != 0) {
                return byValue;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    private static int binaries(BsonBinary one, BsonBinary other) {
        int byLength = Integer.compare(length(one), length(other));
        int bySubtype = byLength != 0
                ? byLength
                : Integer.compare(Byte.toUnsignedInt(one.getType()), Byte.toUnsignedInt(other.getType()));
        return bySubtype != 0 ? bySubtype : Arrays.compareUnsigned(one.getData(), other.getData());
    }

    /** The old subtype has its length once more in front of its bytes, and the server counts that. */
    private static int length(BsonBinary binary) {
        boolean old = binary.getType() == BsonBinarySubType.OLD_BINARY.getValue();
        return binary.getData().length + (old ? Integer.BYTES : 0);
    }

    private static int expressions(BsonRegularExpression one, BsonRegularExpression other) {
        int byPattern = texts(one.getPattern(), other.getPattern());
        return byPattern != 0 ? byPattern : texts(one.getOptions(), other.getOptions());
    }

    private static int pointers(BsonDbPointer one, BsonDbPointer other) {
        byte[] left = one.getNamespace().getBytes(StandardCharsets.UTF_8);
        byte[] right = other.getNamespace().getBytes(StandardCharsets.UTF_8);
        int byLength = Integer.compare(left.length, right.length);
        int byName = byLength != 0 ? byLength : Arrays.compareUnsigned(left, right);
        return byName != 0 ? byName : one.getId().compareTo(other.getId());
    }
}
