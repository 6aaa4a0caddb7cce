package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firedrill.failure.Failure;
import java.net.URI;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** The same of a bucket. */
final class S3Probe implements StoreProbe {
    private static final int PRECONDITION_FAILED = 412;

    private final S3Bucket bucket;
    private final URI endpoint;
    private final LazyClient client;
    private final S3Faults faults;

    S3Probe(S3Bucket bucket, URI endpoint, LazyClient client) {
        this.bucket = bucket;
        this.endpoint = endpoint;
        this.client = client;
        this.faults = new S3Faults(bucket);
    }

    @Override
    public String location() {
        return bucket.location();
    }

    @Override
    public Optional<URI> endpoint() {
        return Optional.of(endpoint);
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public void list() {
        asked(
                "list '%s'".formatted(bucket.prefix()),
                s3 -> s3.listObjectsV2(list ->
                        list.bucket(bucket.name()).prefix(bucket.prefix()).maxKeys(1)));
    }

    @Override
    public boolean createsOnce(ObjectKey key) {
        put(key, "one", "one");
        try {
            put(key, "other", "other");
            return false;
        } catch (Failure refused) {
            if (refused.getCause() instanceof AwsServiceException answer
                    && answer.statusCode() == PRECONDITION_FAILED) {
                return "one"
                        .equals(asked(
                                "read '%s'".formatted(key),
                                s3 -> s3.getObjectAsBytes(
                                                get -> get.bucket(bucket.name()).key(bucket.fullKey(key)))
                                        .asUtf8String()));
            }
            throw refused;
        }
    }

    @Override
    public boolean refusesWrongChecksum(ObjectKey key) {
        try {
            put(key, "one", "other");
            return false;
        } catch (Failure refused) {
            if (refused.getCause() instanceof AwsServiceException answer && answer.statusCode() == 400) {
                return true;
            }
            throw refused;
        }
    }

    private void put(ObjectKey key, String text, String checksumOf) {
        asked(
                "create '%s'".formatted(key),
                s3 -> s3.putObject(request(key, checksumOf).build(), RequestBody.fromString(text)));
    }

    private PutObjectRequest.Builder request(ObjectKey key, String checksumOf) {
        return PutObjectRequest.builder()
                .bucket(bucket.name())
                .key(bucket.fullKey(key))
                .ifNoneMatch("*")
                .checksumSHA256(Base64.getEncoder().encodeToString(Sha256.of(checksumOf.getBytes(UTF_8))));
    }

    /** S3 answers to the deletion of what is not there as to any other: with done, or with no. */
    @Override
    public void mayDelete(String prefix, String name) {
        remove(ObjectKey.of(prefix + name));
    }

    @Override
    public boolean locksUntil(ObjectKey key, Instant until) {
        String text = "locked until " + until + "\n";
        asked(
                "lock '%s'".formatted(key),
                s3 -> s3.putObject(
                        request(key, text)
                                .objectLockMode(ObjectLockMode.COMPLIANCE)
                                .objectLockRetainUntilDate(until)
                                .build(),
                        RequestBody.fromString(text)));
        var kept = asked(
                "look at the lock of '%s'".formatted(key),
                s3 -> s3.headObject(head -> head.bucket(bucket.name()).key(bucket.fullKey(key))));
        return kept.objectLockMode() == ObjectLockMode.COMPLIANCE
                && kept.objectLockRetainUntilDate() != null
                && !kept.objectLockRetainUntilDate().isBefore(until.truncatedTo(ChronoUnit.SECONDS));
    }

    /** To a second: the header has no more. */
    @Override
    public Instant clock(ObjectKey key) {
        String operation = "look at '%s'".formatted(key);
        return asked(
                        operation,
                        s3 -> s3.headObject(head -> head.bucket(bucket.name()).key(bucket.fullKey(key))))
                .sdkHttpResponse()
                .firstMatchingHeader("Date")
                .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .orElseThrow(() ->
                        faults.nonsense(operation, "an answer without a date").failure());
    }

    @Override
    public void remove(ObjectKey key) {
        asked(
                "delete '%s'".formatted(key),
                s3 -> s3.deleteObject(delete -> delete.bucket(bucket.name()).key(bucket.fullKey(key))));
    }

    @Override
    public Optional<Boolean> locks() {
        return unless(
                "ObjectLockConfigurationNotFoundError",
                false,
                "look at Object Lock",
                s3 -> s3.getObjectLockConfiguration(get -> get.bucket(bucket.name()))
                                .objectLockConfiguration()
                                .objectLockEnabled()
                        == ObjectLockEnabled.ENABLED);
    }

    @Override
    public Optional<Boolean> keepsVersions() {
        return unless(
                "",
                false,
                "look at versioning",
                s3 -> s3.getBucketVersioning(get -> get.bucket(bucket.name())).status()
                        == BucketVersioningStatus.ENABLED);
    }

    /** What a store answers that has no such configuration, or has never heard of one. */
    private <T> Optional<T> unless(String absent, T then, String operation, Function<S3Client, T> question) {
        try {
            return Optional.of(asked(operation, question));
        } catch (Failure failure) {
            if (codeOf(failure).equals(absent)) {
                return Optional.of(then);
            }
            if (codeOf(failure).equals("NotImplemented")) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public Optional<List<String>> expirations() {
        return unless(
                "NoSuchLifecycleConfiguration",
                List.of(),
                "look at the lifecycle",
                s3 -> s3.getBucketLifecycleConfiguration(get -> get.bucket(bucket.name())).rules().stream()
                        .filter(rule -> rule.status() == ExpirationStatus.ENABLED && deletes(rule))
                        .filter(this::isOfOurs)
                        .map(rule -> String.valueOf(rule.id()))
                        .toList());
    }

    /** A rule may also clear away the markers of what is deleted already. */
    private static boolean deletes(LifecycleRule rule) {
        return rule.expiration() != null
                && (rule.expiration().days() != null || rule.expiration().date() != null);
    }

    /** Where it goes by more than a prefix it may be of ours too. */
    @SuppressWarnings("deprecation") // Rules of old still say their prefix so.
    private boolean isOfOurs(LifecycleRule rule) {
        String filtered = rule.filter() == null
                ? rule.prefix()
                : rule.filter().and() == null
                        ? rule.filter().prefix()
                        : rule.filter().and().prefix();
        String prefix = filtered == null ? "" : filtered;
        return prefix.startsWith(bucket.prefix()) || bucket.prefix().startsWith(prefix);
    }

    @Override
    public OptionalLong bytesFree() {
        return OptionalLong.empty();
    }

    private <T> T asked(String operation, Function<S3Client, T> question) {
        try {
            return question.apply(client.get());
        } catch (SdkException thrown) {
            RuntimeException fault = faults.of(operation, thrown);
            throw fault instanceof TransientFault passing ? passing.failure() : fault;
        }
    }

    private static String codeOf(Failure failure) {
        return failure.getCause() instanceof AwsServiceException answer ? S3Faults.codeOf(answer) : "?";
    }

    @Override
    public void close() {
        client.close();
    }
}
