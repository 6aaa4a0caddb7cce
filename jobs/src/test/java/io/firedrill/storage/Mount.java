package io.firedrill.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A small file system in memory, if we may mount one. */
public final class Mount implements AutoCloseable {
    private final Path path;
    private final boolean there;

    public Mount(Path path, String options) {
        this.path = path;
        this.there = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path.toString());
    }

    public boolean isThere() {
        return there;
    }

    public void remountReadOnly() throws IOException {
        remount("ro");
    }

    public void remount(String options) throws IOException {
        if (!run("mount", "-o", "remount," + options, path.toString())) {
            throw new IOException("cannot remount " + path);
        }
    }

    @Override
    public void close() {
        if (there) {
            run("umount", "-l", path.toString());
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0;
        } catch (IOException e) {
            return false; // There is no such program here.
        }
    }
}
