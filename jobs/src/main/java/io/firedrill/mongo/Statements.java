package io.firedrill.mongo;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bson.RawBsonDocument;

/** Statements of update and delete commands, as bytes around those of oplog entries; each takes the place of the one before. */
final class Statements {
    private static final byte[] QUERY = RawWriter.nameOf("q");
    private static final byte[] UPDATE = RawWriter.nameOf("u");
    private static final byte[] LIMIT = RawWriter.nameOf("limit");
    private static final byte[] ID = RawWriter.nameOf("_id");
    private static final byte[] EQUALS = RawWriter.nameOf("$eq");
    private static final byte[] FIRST = RawWriter.nameOf("0");
    private static final byte[] STAGE = RawWriter.nameOf("$_internalApplyOplogUpdate");
    private static final byte[] CHANGE = RawWriter.nameOf("oplogUpdate");
    private static final byte[] REPLACE = RawWriter.nameOf("$replaceWith");
    private static final byte[] LITERAL = RawWriter.nameOf("$literal");
    private static final byte[] VERSION = RawWriter.nameOf("$v");
    private static final byte[] DIFF = RawWriter.nameOf("diff");
    private static final byte[] UPDATED = RawWriter.nameOf("u");
    private static final byte TIMESTAMP = 0x11;
    private static final int TWO = 2;

    private final RawWriter out = new RawWriter();
    private final DiffTranslation translation = new DiffTranslation();

    byte[] bytes() {
        return out.bytes();
    }

    int length() {
        return out.length();
    }

    void delete(RawBsonDocument key) {
        out.begin();
        query(RawFields.of(key));
        out.int32(LIMIT, 1);
        out.end();
    }

    void update(RawBsonDocument key, RawBsonDocument change, StrictWriter.Way way) {
        out.begin();
        query(RawFields.of(key));
        boolean fast = way == StrictWriter.Way.FAST;
        if (!isDifference(change)) {
            if (fast) {
                value(UPDATE, change);
            } else {
                stage(REPLACE, LITERAL, change);
            }
        } else if (!fast || !translated(change)) {
            stage(STAGE, CHANGE, change);
        }
        out.end();
    }

    /** Puts {@code Timestamp(0,0)} back wherever a document has it at the top. */
    byte[] emptying(RawBsonDocument document) {
        out.begin();
        query(RawFields.of(document));
        out.begin(RawWriter.ARRAY, UPDATE);
        out.begin(RawWriter.DOCUMENT, FIRST);
        out.begin(RawWriter.DOCUMENT, STAGE);
        out.begin(RawWriter.DOCUMENT, CHANGE);
        out.int32(VERSION, TWO);
        out.begin(RawWriter.DOCUMENT, DIFF);
        out.begin(RawWriter.DOCUMENT, UPDATED);
        for (RawFields fields = RawFields.of(document); fields.next(); ) {
            if (fields.type() == TIMESTAMP && fields.longValue() == 0 && !fields.isNamed(ID)) {
                out.name(fields.type(), fields.bytes(), fields.name(), fields.nameLength());
                out.raw(fields.bytes(), fields.value(), fields.valueLength());
            }
        }
        for (int open = 0; open < 7; open++) {
            out.end();
        }
        return Arrays.copyOf(out.bytes(), out.length());
    }

    /** Whether a whole new document holds what the server would not leave as it is. */
    static boolean isDelicate(RawBsonDocument change) {
        ByteBuffer raw = change.getByteBuffer().asNIO();
        return !isDifference(change) && EmptyTimestamps.standIn(raw.array(), raw.arrayOffset() + raw.position());
    }

    private static boolean isDifference(RawBsonDocument change) {
        RawFields fields = RawFields.of(change);
        return fields.next() && fields.isNamed(VERSION);
    }

    private boolean translated(RawBsonDocument change) {
        RawFields fields = RawFields.of(change);
        while (fields.next()) {
            if (fields.isNamed(DIFF)) {
                int begun = out.length();
                out.begin(RawWriter.DOCUMENT, UPDATE);
                if (translation.write(fields, fields.value(), out)) {
                    out.end();
                    return true;
                }
                out.rewind(begun);
            }
        }
        return false;
    }

    private void stage(byte[] name, byte[] parameter, RawBsonDocument change) {
        out.begin(RawWriter.ARRAY, UPDATE);
        out.begin(RawWriter.DOCUMENT, FIRST);
        out.begin(RawWriter.DOCUMENT, name);
        value(parameter, change);
        out.end();
        out.end();
        out.end();
    }

    private void value(byte[] name, RawBsonDocument document) {
        ByteBuffer raw = document.getByteBuffer().asNIO();
        out.name(RawWriter.DOCUMENT, name, 0, name.length);
        out.raw(raw.array(), raw.arrayOffset() + raw.position(), raw.remaining());
    }

    /** By the id alone. One that is a document might be taken for operators. */
    private void query(RawFields key) {
        out.begin(RawWriter.DOCUMENT, QUERY);
        while (key.next()) {
            if (!key.isNamed(ID)) {
                continue;
            }
            boolean document = key.type() == RawWriter.DOCUMENT;
            if (document) {
                out.begin(RawWriter.DOCUMENT, ID);
            }
            byte[] name = document ? EQUALS : ID;
            out.name(key.type(), name, 0, name.length);
            out.raw(key.bytes(), key.value(), key.valueLength());
            if (document) {
                out.end();
            }
        }
        out.end();
    }
}
