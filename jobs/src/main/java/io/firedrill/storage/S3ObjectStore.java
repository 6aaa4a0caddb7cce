package io.firedrill.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** A store in an S3 bucket, under a prefix. */
final class S3ObjectStore implements ObjectStore {
    static final int PAGE_MAX = 1000;

    private final S3Bucket bucket;
    private final LazyClient client;
    private final Retries retries;
    private final int pageMax;
    private final S3Faults faults;
    private final S3Reader reader;
    private final AtomicBoolean bucketSeen = new AtomicBoolean();

    S3ObjectStore(S3Bucket bucket, LazyClient client, Retries retries, int pageMax) {
        this.bucket = bucket;
        this.client = client;
        this.retries = retries;
        this.pageMax = pageMax;
        this.faults = new S3Faults(bucket);
        this.reader = new S3Reader(bucket, client, retries, faults);
    }

    @Override
    public boolean create(ObjectKey key, Content content) {
        return create(key, content, Optional.empty());
    }

    @Override
    public boolean createLocked(ObjectKey key, Content content, Instant until) {
        return create(key, content, Optional.of(until));
    }

    private boolean create(ObjectKey key, Content content, Optional<Instant> lock) {
        var doubt = new AtomicBoolean();
        boolean created = retries.run(() -> put(key, content, lock, doubt));
        bucketSeen.set(true);
        return created;
    }

    /** One attempt; {@code doubt} remembers whether an earlier one may have succeeded though we were not told. */
    private boolean put(ObjectKey key, Content content, Optional<Instant> lock, AtomicBoolean doubt) {
        String operation = "create '%s'".formatted(key);
        try (var opened = new OpenedContent(content)) {
            var body = RequestBody.fromContentProvider(opened, content.bytes(), "application/octet-stream");
            var response = client.get().putObject(putRequest(key, content, lock), body);
            if (response.eTag() == null) {
                doubt.set(true);
                throw faults.nonsense(operation, "an answer without an etag");
            }
            return true;
        } catch (SdkException e) {
            if (statusOf(e) == 412) {
                return doubt.get() && holds(key, content);
            }
            doubt.compareAndSet(false, S3Faults.mayHaveHappened(e));
            throw lock.isPresent() ? faults.ofLocking(operation, e) : faults.of(operation, e);
        }
    }

    private PutObjectRequest putRequest(ObjectKey key, Content content, Optional<Instant> lock) {
        var patience = S3Clients.patienceFor(content.bytes());
        var request = PutObjectRequest.builder();
        lock.ifPresent(
                until -> request.objectLockMode(ObjectLockMode.COMPLIANCE).objectLockRetainUntilDate(until));
        return request.bucket(bucket.name())
                .key(bucket.fullKey(key))
                .ifNoneMatch("*")
                .checksumSHA256(Base64.getEncoder().encodeToString(content.sha256()))
                .overrideConfiguration(settings -> settings.apiCallTimeout(patience))
                .build();
    }

    private boolean holds(ObjectKey key, Content content) {
        try (var in = open(key).orElseGet(InputStream::nullInputStream)) {
            return content.hasSha256(Sha256.of(in));
        } catch (IOException e) {
            throw new UncheckedIOException("streams of a store throw failures only", e);
        }
    }

    @Override
    public Optional<InputStream> open(ObjectKey key) {
        return reader.open(key);
    }

    @Override
    public Optional<InputStream> openRange(ObjectKey key, long offset, long length) {
        if (Spans.notNegative(offset) >= 0 && Spans.notNegative(length) > 0) {
            return reader.openRange(key, offset, length);
        }
        return head(key).map(info -> {
            if (offset > info.bytes()) {
                throw faults.damaged("read '%s'".formatted(key), Spans.beyondTheEnd(offset, 0, info.bytes()), null);
            }
            return InputStream.nullInputStream();
        });
    }

    @Override
    public Optional<byte[]> read(ObjectKey key, int bytesMax) {
        return open(key).map(in -> Spans.readAll(in, key, bytesMax));
    }

    @Override
    public Optional<ObjectInfo> head(ObjectKey key) {
        return retries.run(() -> headOnce(key));
    }

    private Optional<ObjectInfo> headOnce(ObjectKey key) {
        String operation = "look at '%s'".formatted(key);
        try {
            var response =
                    client.get().headObject(head -> head.bucket(bucket.name()).key(bucket.fullKey(key)));
            if (response.eTag() == null || response.contentLength() == null) {
                throw faults.nonsense(operation, "an answer without etag or length");
            }
            bucketSeen.set(true);
            return Optional.of(new ObjectInfo(key, response.contentLength()));
        } catch (SdkException e) {
            if (statusOf(e) == 404 && bucketSeen.get()) {
                return Optional.empty();
            }
            if (statusOf(e) / 100 == 4 && statusOf(e) != 429) {
                return headByGet(key);
            }
            throw faults.of(operation, e);
        }
    }

    @Override
    public Optional<Instant> lockedUntil(ObjectKey key) {
        return retries.run(() -> {
            try {
                var response = client.get()
                        .headObject(head -> head.bucket(bucket.name()).key(bucket.fullKey(key)));
                // In the other mode, GOVERNANCE, whoever has the right may delete it.
                return response.objectLockMode() == ObjectLockMode.COMPLIANCE
                        ? Optional.ofNullable(response.objectLockRetainUntilDate())
                        : Optional.empty();
            } catch (SdkException e) {
                if (statusOf(e) == 404) {
                    return Optional.empty();
                }
                throw faults.of("look at the lock of '%s'".formatted(key), e);
            }
        });
    }

    /** An answer to HEAD has no body, so no reason: asking by GET tells a missing object from a missing bucket. */
    private Optional<ObjectInfo> headByGet(ObjectKey key) {
        var found = reader.head(key);
        bucketSeen.set(true);
        return found;
    }

    @Override
    public Stream<ObjectInfo> list(String prefix) {
        return listAfter(prefix, "");
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, ObjectKey after) {
        return listAfter(prefix, bucket.fullKey(after));
    }

    private Stream<ObjectInfo> listAfter(String prefix, String after) {
        String fullPrefix = bucket.prefix() + Spans.checkedPrefix(prefix);
        var listing = new S3Listing(bucket.prefix(), after, position -> retries.run(() -> page(fullPrefix, position)));
        var keys = Spliterators.spliteratorUnknownSize(listing, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(keys, false);
    }

    private ListObjectsV2Response page(String fullPrefix, String after) {
        String operation = "list '%s'".formatted(fullPrefix);
        try {
            var response = client.get().listObjectsV2(list -> {
                list.bucket(bucket.name()).prefix(fullPrefix).maxKeys(pageMax);
                if (!after.isEmpty()) {
                    list.startAfter(after);
                }
            });
            S3Listing.flawOf(response, fullPrefix, after).ifPresent(flaw -> {
                throw faults.nonsense(operation, flaw);
            });
            bucketSeen.set(true);
            return response;
        } catch (SdkException e) {
            throw faults.of(operation, e);
        }
    }

    @Override
    public void delete(ObjectKey key) {
        retries.run(() -> {
            try {
                return client.get()
                        .deleteObject(delete -> delete.bucket(bucket.name()).key(bucket.fullKey(key)));
            } catch (SdkException e) {
                throw faults.of("delete '%s'".formatted(key), e);
            }
        });
    }

    private static int statusOf(SdkException e) {
        return e instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    @Override
    public String location() {
        return bucket.location();
    }

    @Override
    public void close() {
        client.close();
    }
}
