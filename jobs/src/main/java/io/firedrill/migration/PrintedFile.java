package io.firedrill.migration;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a program prints to, at its end always, so that it can be emptied meanwhile. Not safe for use by several threads. */
final class PrintedFile {
    private static final int LAST_BYTES = 64 << 10;

    private final Path file;
    private long dropped;
    private String before = "";

    PrintedFile(Path file) {
        this.file = file;
    }

    /** For a program that is about to be started. */
    ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.appendTo(target());
    }

    private File target() {
        return file.toFile();
    }

    long size() {
        try {
            return Files.size(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Empties it, but for its last words. */
    void drop() {
        try (var open = new RandomAccessFile(target(), "rw")) {
            before = end(open, LAST_BYTES);
            dropped += open.length();
            open.setLength(0);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** How many bytes of it are gone, or all but gone, at least: what comes between the look and the emptying is not counted. */
    long dropped() {
        return dropped;
    }

    /** The end of all that was printed, from the start of a line. */
    String last() {
        String now = text(LAST_BYTES);
        return now.length() < LAST_BYTES ? before + now : now;
    }

    /** The end of what is there, from the start of a line: of a part of a secret nobody could tell that it is one. */
    String text(int bytesMax) {
        try (var open = new RandomAccessFile(target(), "r")) {
            return end(open, bytesMax);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static String end(RandomAccessFile in, int bytesMax) throws IOException {
        long skipped = Math.max(0, in.length() - bytesMax);
        in.seek(skipped);
        var bytes = new byte[(int) (in.length() - skipped)];
        in.readFully(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int line = text.indexOf('\n');
        return skipped == 0 ? text : line < 0 ? "" : text.substring(line + 1);
    }
}
