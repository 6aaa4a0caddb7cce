package io.firedrill.verify;

import io.firedrill.archive.Digests;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the documents of a collection come to, in whatever order they are read: how many there are, and the sums of the SHA-256 of
 * each as it is and in its canonical form. Kept apart in buckets by {@code _id}, so that it can be told where two collections
 * differ. Not safe for use by several threads while documents are added.
 */
final class ContentDigest {
    static final int BUCKETS = 1_024;

    private final Map<Integer, Bucket> buckets = new TreeMap<>();

    /** Adds documents, and needs working memory for that. */
    static final class Adding {
        private final ContentDigest content = new ContentDigest();
        private final MessageDigest digest = Digests.sha256();
        private final CanonicalForm form = new CanonicalForm();

        void add(byte[] bytes, int offset, int length) {
            byte[] exact = sha256(bytes, offset, length);
            byte[] canonical = form.of(bytes, offset, length);
            boolean same = Arrays.equals(canonical, 0, length, bytes, offset, offset + length);
            content.bucket(DocumentId.of(bytes, offset).bucket(BUCKETS))
                    .add(exact, same ? exact : sha256(canonical, 0, length));
        }

        private byte[] sha256(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
            return digest.digest();
        }

        ContentDigest end() {
            return content;
        }
    }

    /** The documents whose ids fall together. */
    private static final class Bucket {
        private final DigestSum exact = new DigestSum();
        private final DigestSum canonical = new DigestSum();
        private long documents;

        void add(byte[] exactDigest, byte[] canonicalDigest) {
            exact.add(exactDigest);
            canonical.add(canonicalDigest);
            documents++;
        }

        void add(Bucket other) {
            exact.add(other.exact);
            canonical.add(other.canonical);
            documents += other.documents;
        }

        String level(Level level) {
            return documents + " " + (level == Level.CANONICAL ? canonical : exact);
        }
    }

    private Bucket bucket(int number) {
        return buckets.computeIfAbsent(number, none -> new Bucket());
    }

    private Bucket total() {
        var total = new Bucket();
        buckets.values().forEach(total::add);
        return total;
    }

    long documents() {
        return total().documents;
    }

    /** How many documents are in a bucket. */
    long documents(int bucket) {
        return Optional.ofNullable(buckets.get(bucket))
                .map(found -> found.documents)
                .orElse(0L);
    }

    /** The sum of the SHA-256 of the documents as they are, in hexadecimal. */
    String exact() {
        return total().exact.toString();
    }

    /** The same of their canonical forms. */
    String canonical() {
        return total().canonical.toString();
    }

    /** How far both are the same, bucket by bucket. */
    Level compare(ContentDigest other) {
        return differing(other, Level.EXACT).isEmpty()
                ? Level.EXACT
                : differing(other, Level.CANONICAL).isEmpty() ? Level.CANONICAL : Level.DIFFERENT;
    }

    /** The buckets that are not the same at a level. */
    NavigableSet<Integer> differing(ContentDigest other, Level level) {
        var numbers = new TreeSet<>(buckets.keySet());
        numbers.addAll(other.buckets.keySet());
        numbers.removeIf(number -> level(number, level).equals(other.level(number, level)));
        return numbers;
    }

    private String level(int number, Level level) {
        return Optional.ofNullable(buckets.get(number))
                .map(bucket -> bucket.level(level))
                .orElse("");
    }
}
