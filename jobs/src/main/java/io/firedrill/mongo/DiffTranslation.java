package io.firedrill.mongo;

/**
 * Says the difference that an oplog entry holds ({@code $v: 2}) as {@code $set} and {@code $unset}, which a server applies
 * faster. Only where the two mean the same for the document that the difference was made from: a new field comes last with
 * both, but several new ones come in the order of their names with {@code $set}; a path cannot have every name; and
 * an array that becomes shorter has no operator. What is not plain is left to the server's own way.
 */
final class DiffTranslation {
    private static final byte[] SET = RawWriter.nameOf("$set");
    private static final byte[] UNSET = RawWriter.nameOf("$unset");
    private static final byte[] ARRAY_MARK = RawWriter.nameOf("a");
    private static final byte[] LENGTH = RawWriter.nameOf("l");
    private static final int PATH_MAX = 1_000;
    private static final byte TIMESTAMP = 0x11;

    private final byte[] path = new byte[PATH_MAX];

    /** Writes the two operators into the update that is being written, if that is possible; else nothing. */
    boolean write(RawFields diff, int offset, RawWriter out) {
        var found = new Found();
        if (!isPlain(new RawFields(diff.bytes(), offset), 0, found)) {
            return false;
        }
        if (found.sets) {
            out.begin(RawWriter.DOCUMENT, SET);
            write(new RawFields(diff.bytes(), offset), 0, out, true);
            out.end();
        }
        if (found.unsets) {
            out.begin(RawWriter.DOCUMENT, UNSET);
            write(new RawFields(diff.bytes(), offset), 0, out, false);
            out.end();
        }
        return found.sets || found.unsets;
    }

    private static final class Found {
        private boolean sets;
        private boolean unsets;
    }

    private boolean isPlain(RawFields diff, int pathLength, Found found) {
        boolean array = false;
        while (diff.next()) {
            byte kind = diff.bytes()[diff.name()];
            if (diff.isNamed(ARRAY_MARK)) {
                array = true;
            } else if (array
                    ? !isPlainElement(diff, kind, pathLength, found)
                    : !isPlain(diff, kind, pathLength, found)) {
                return false;
            }
        }
        return true;
    }

    /** Of a document: {@code u}, {@code i} and {@code d} hold fields, {@code s<name>} a difference. */
    private boolean isPlain(RawFields diff, byte kind, int pathLength, Found found) {
        if (kind == 's') {
            return isPlainBelow(diff, pathLength, found);
        }
        int fields = 0;
        for (RawFields each = diff.inner(); each.next(); fields++) {
            // The server puts the present time into an empty timestamp that is set at the top, where it is a new field.
            boolean odd = each.type() == TIMESTAMP && each.longValue() == 0;
            if (odd || !fits(each.bytes(), each.name(), each.nameLength(), pathLength)) {
                return false;
            }
        }
        found.sets |= kind != 'd';
        found.unsets |= kind == 'd';
        return kind != 'i' || fields == 1;
    }

    /** Of an array: {@code u<index>} holds a value, {@code s<index>} a difference, {@code l} a new length. */
    private boolean isPlainElement(RawFields diff, byte kind, int pathLength, Found found) {
        if (kind == 's') {
            return isPlainBelow(diff, pathLength, found);
        }
        found.sets = true;
        return !diff.isNamed(LENGTH) && fits(diff.bytes(), diff.name() + 1, diff.nameLength() - 1, pathLength);
    }

    private boolean isPlainBelow(RawFields diff, int pathLength, Found found) {
        int length = diff.nameLength() - 1;
        return fits(diff.bytes(), diff.name() + 1, length, pathLength)
                && isPlain(diff.inner(), pathLength + length + 1, found);
    }

    private static boolean fits(byte[] bytes, int name, int length, int pathLength) {
        if (length == 0 || bytes[name] == '$' || pathLength + length + 1 >= PATH_MAX) {
            return false;
        }
        for (int i = name; i < name + length; i++) {
            if (bytes[i] == '.') {
                return false;
            }
        }
        return true;
    }

    private void write(RawFields diff, int pathLength, RawWriter out, boolean sets) {
        boolean array = false;
        while (diff.next()) {
            byte kind = diff.bytes()[diff.name()];
            if (diff.isNamed(ARRAY_MARK)) {
                array = true;
            } else if (kind == 's') {
                int below = appended(diff.bytes(), diff.name() + 1, diff.nameLength() - 1, pathLength);
                path[below] = '.';
                write(diff.inner(), below + 1, out, sets);
            } else if (array && sets) {
                set(diff, diff.name() + 1, diff.nameLength() - 1, pathLength, out);
            } else if (!array && sets == (kind != 'd')) {
                fields(diff.inner(), pathLength, out, sets);
            }
        }
    }

    private void fields(RawFields fields, int pathLength, RawWriter out, boolean sets) {
        while (fields.next()) {
            if (sets) {
                set(fields, fields.name(), fields.nameLength(), pathLength, out);
            } else {
                int length = appended(fields.bytes(), fields.name(), fields.nameLength(), pathLength);
                out.yes(path, length);
            }
        }
    }

    private void set(RawFields field, int name, int nameLength, int pathLength, RawWriter out) {
        int length = appended(field.bytes(), name, nameLength, pathLength);
        out.name(field.type(), path, 0, length);
        out.raw(field.bytes(), field.value(), field.valueLength());
    }

    private int appended(byte[] bytes, int name, int length, int pathLength) {
        System.arraycopy(bytes, name, path, pathLength, length);
        return pathLength + length;
    }
}
