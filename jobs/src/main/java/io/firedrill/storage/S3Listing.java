package io.firedrill.storage;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Walks a listing page by page. Each page is asked for by the last key of the one before, not by the server's token, so
 * that a page can be fetched again, and so that an order other than the promised one is found out.
 */
final class S3Listing implements Iterator<ObjectInfo> {
    /** One page, given the key after which it begins; empty for the first. */
    @FunctionalInterface
    interface Pages extends Function<String, ListObjectsV2Response> {}

    private final String root;
    private final Pages pages;
    private final Queue<ObjectInfo> page = new ArrayDeque<>();
    private @Nullable String next;

    S3Listing(String root, String after, Pages pages) {
        this.root = root;
        this.next = after;
        this.pages = pages;
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty() && next != null) {
            turn(next);
        }
        return !page.isEmpty();
    }

    @Override
    public ObjectInfo next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.remove();
    }

    private void turn(String after) {
        var response = pages.apply(after);
        String last = after;
        for (S3Object object : response.contents()) {
            last = object.key();
            add(object);
        }
        next = Boolean.TRUE.equals(response.isTruncated()) ? last : null;
    }

    /** Objects that other programs left here under names that are no keys are none of ours. */
    private void add(S3Object object) {
        try {
            page.add(new ObjectInfo(ObjectKey.of(object.key().substring(root.length())), object.size()));
        } catch (IllegalArgumentException e) {
            // A folder marker, for instance.
        }
    }

    /** What is wrong with a page, if it cannot be the one that was asked for. */
    static Optional<String> flawOf(ListObjectsV2Response response, String prefix, String after) {
        String last = after;
        for (S3Object object : response.contents()) {
            if (!object.key().startsWith(prefix) || ObjectKey.inByteOrder(object.key(), last) <= 0) {
                return Optional.of("a page of the listing is out of order");
            }
            last = object.key();
        }
        if (response.isTruncated() == null || (response.isTruncated() && last.equals(after))) {
            return Optional.of("a page of the listing is cut off");
        }
        return Optional.empty();
    }
}
