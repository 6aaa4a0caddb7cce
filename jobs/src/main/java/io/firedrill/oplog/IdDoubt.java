package io.firedrill.oplog;

import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * Whether an {@code _id} was understood to the last byte. Java reads invalid UTF-8 as a replacement character and forgets the
 * first of two fields of one name; what it makes of such an id may lie in another range.
 */
final class IdDoubt {
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();
    private static final char REPLACEMENT = '\uFFFD';

    private IdDoubt() {}

    static boolean isExact(BsonValue id) {
        return switch (id.getBsonType()) {
            case INT32, INT64, DOUBLE, DECIMAL128, OBJECT_ID, BINARY, BOOLEAN, DATE_TIME, TIMESTAMP -> true;
            // There is one of each.
            case NULL, UNDEFINED, MIN_KEY, MAX_KEY -> true;
            case STRING -> id.asString().getValue().indexOf(REPLACEMENT) < 0;
            case SYMBOL -> id.asSymbol().getSymbol().indexOf(REPLACEMENT) < 0;
            // Of one that Java has made sense of already, nobody can tell.
            case DOCUMENT -> id instanceof RawBsonDocument raw && isSameAgain(raw);
            default -> false;
        };
    }

    private static boolean isSameAgain(RawBsonDocument raw) {
        BsonDocument understood = raw.decode(CODEC);
        return new RawBsonDocument(understood, CODEC)
                .getByteBuffer()
                .asNIO()
                .equals(raw.getByteBuffer().asNIO());
    }
}
