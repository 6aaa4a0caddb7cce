package io.firedrill.storage;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree of files in the byte order of their whole keys, holding one folder of each level at a time.
 *
 * <p>A folder sorts as its name and a slash, because "a-b" comes before "a/b" though "a" comes before "a-b".
 */
final class DirectoryListing implements Iterator<ObjectInfo> {
    private record Child(Path path, String key, boolean folder, long bytes) {}

    private final String prefix;
    private final String after;
    private final String hidden;
    private final Function<IOException, Failure> failure;
    private final Deque<Iterator<Child>> levels = new ArrayDeque<>();
    private @Nullable ObjectInfo next;

    /** Lists below {@code start}, the folder in which every key with this prefix lies. */
    DirectoryListing(Path start, String prefix, String after, String hidden, Function<IOException, Failure> failure) {
        this.prefix = prefix;
        this.after = after;
        this.hidden = hidden + "/";
        this.failure = failure;
        levels.push(childrenOf(start, folderOf(prefix)));
    }

    static String folderOf(String prefix) {
        return prefix.substring(0, prefix.lastIndexOf('/') + 1);
    }

    @Override
    public boolean hasNext() {
        while (next == null && !levels.isEmpty()) {
            advance(levels.getFirst());
        }
        return next != null;
    }

    @Override
    public ObjectInfo next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        var result = next;
        next = null;
        return result;
    }

    private void advance(Iterator<Child> level) {
        if (!level.hasNext()) {
            levels.pop();
            return;
        }
        var child = level.next();
        if (child.folder) {
            levels.push(childrenOf(child.path, child.key));
        } else {
            next = new ObjectInfo(ObjectKey.of(child.key), child.bytes);
        }
    }

    private Iterator<Child> childrenOf(Path folder, String folderKey) {
        List<Child> children = new ArrayList<>();
        if (Files.isDirectory(folder)) { // The root alone may be a link; below it links are neither files nor folders.
            try (var paths = Files.newDirectoryStream(folder)) {
                paths.forEach(
                        path -> child(path, folderKey).filter(this::isWanted).ifPresent(children::add));
            } catch (NoSuchFileException | NotDirectoryException e) {
                return children.iterator(); // Gone since we looked: as if it had never been there.
            } catch (DirectoryIteratorException e) {
                throw failure.apply(Objects.requireNonNull(e.getCause()));
            } catch (IOException e) {
                throw failure.apply(e);
            }
        }
        children.sort((one, other) -> ObjectKey.inByteOrder(one.key, other.key));
        return children.iterator();
    }

    private Optional<Child> child(Path path, String folderKey) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String key = folderKey + path.getFileName() + (attributes.isDirectory() ? "/" : "");
            return attributes.isDirectory() || attributes.isRegularFile()
                    ? Optional.of(new Child(path, key, attributes.isDirectory(), attributes.size()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    private boolean isWanted(Child child) {
        if (child.key.equals(hidden)) {
            return false;
        }
        return child.folder
                ? (child.key.startsWith(prefix) || prefix.startsWith(child.key))
                        && (after.startsWith(child.key) || ObjectKey.inByteOrder(child.key, after) > 0)
                : child.key.startsWith(prefix) && ObjectKey.inByteOrder(child.key, after) > 0 && isKey(child.key);
    }

    /** Files that other programs left here under names that are no keys are none of ours. */
    private static boolean isKey(String key) {
        try {
            return ObjectKey.of(key).value().equals(key);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
