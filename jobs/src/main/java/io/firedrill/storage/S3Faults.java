package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Names what an S3 server or the way to it answered, and tells what may pass from what will not.
 *
 * <p>Of the server's own text nothing is repeated but its error code: it may quote what was signed.
 */
final class S3Faults {
    private static final Set<String> TRANSIENT = Set.of(
            "InternalError",
            "SlowDown",
            "ServiceUnavailable",
            "Throttling",
            "ThrottlingException",
            "TooManyRequests",
            "RequestTimeout",
            "RequestTimeoutException",
            "OperationAborted",
            "ConditionalRequestConflict",
            "IncompleteBody",
            "BandwidthLimitExceeded");
    private static final Set<String> FULL =
            Set.of("InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded");
    private static final Set<String> WRONG_REGION = Set.of(
            "PermanentRedirect",
            "TemporaryRedirect",
            "Redirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException");
    private static final Set<String> BAD_DIGEST =
            Set.of("BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch", "InvalidDigest");
    private static final Set<String> LOCKLESS = Set.of(
            "InvalidRequest",
            "NotImplemented",
            "InvalidBucketState",
            "ObjectLockConfigurationNotFoundError",
            "InvalidBucketObjectLockConfiguration");
    private static final String NO_LOCK_HINT =
            "Keep evidence in a bucket that was created with Object Lock, or unset FIREDRILL_EVIDENCE_LOCK.";
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([a-z0-9-]{1,40})'");

    private final S3Bucket bucket;

    S3Faults(S3Bucket bucket) {
        this.bucket = bucket;
    }

    /** What to throw for this exception: a {@link TransientFault} if it may pass, else a {@link Failure}. */
    RuntimeException of(String operation, SdkException e) {
        var own = Failure.in(e);
        if (own.isPresent()) {
            return own.get();
        }
        return e instanceof AwsServiceException answer ? answered(operation, answer) : unanswered(operation, e);
    }

    /** Of an object that was to be locked: a bucket without Object Lock says no, each server with another code. */
    RuntimeException ofLocking(String operation, SdkException e) {
        boolean unable = e instanceof AwsServiceException answer && LOCKLESS.contains(codeOf(answer));
        return unable
                ? failure(
                        FailureKind.CONFIGURATION_INVALID,
                        operation,
                        "the bucket does not lock objects (%s)".formatted(codeOf((AwsServiceException) e)),
                        NO_LOCK_HINT,
                        e)
                : of(operation, e);
    }

    /** A body that ended before its last byte. */
    RuntimeException broken(String operation, long position, @Nullable Exception cause) {
        if (cause instanceof SdkException || Thread.currentThread().isInterrupted()) {
            var e = cause instanceof SdkException sdk ? sdk : SdkClientException.create("interrupted", cause);
            return of(operation, e);
        }
        return new TransientFault(unavailable(operation, "the connection broke at byte %d".formatted(position), cause));
    }

    /** An answer that no S3 server should give; the next may be better. */
    TransientFault nonsense(String operation, String what) {
        return new TransientFault(unavailable(operation, what, null));
    }

    Failure damaged(String operation, String what, @Nullable Throwable cause) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "%s in %s: %s".formatted(operation, bucket.location(), what),
                "Run a verification of the store, and find out who else writes to it.",
                cause);
    }

    static String codeOf(AwsServiceException e) {
        var details = e.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code == null ? "" : code;
    }

    /** True unless the server's answer says that it did nothing. */
    static boolean mayHaveHappened(SdkException e) {
        return !(e instanceof AwsServiceException answer && answer.statusCode() / 100 == 4);
    }

    private RuntimeException answered(String operation, AwsServiceException e) {
        String code = codeOf(e);
        int status = e.statusCode();
        String answer = (status + " " + code).strip();
        if (FULL.contains(code) || status == 507) {
            return failure(
                    FailureKind.STORE_FULL,
                    operation,
                    answer,
                    "Raise the quota of the bucket or prune old backups; then start the command again.",
                    e);
        }
        if (BAD_DIGEST.contains(code)) {
            return new TransientFault(damaged(operation, "the bytes do not match their checksum", e));
        }
        if (TRANSIENT.contains(code) || status >= 500 || status == 429 || status == 408 || status / 100 == 2) {
            return new TransientFault(unavailable(operation, answer, e));
        }
        if (code.equals("NoSuchBucket")) {
            return failure(
                    FailureKind.CONFIGURATION_INVALID,
                    operation,
                    "bucket '%s' does not exist".formatted(bucket.name()),
                    "Create the bucket, or correct the store's URL and endpoint.",
                    e);
        }
        if (WRONG_REGION.contains(code) || status / 100 == 3) {
            return wrongRegion(operation, answer, e);
        }
        return status == 401 || status == 403 || S3Denials.knows(code)
                ? failure(FailureKind.ACCESS_DENIED, operation, answer, S3Denials.hint(code), e)
                : unavailable(operation, answer, e);
    }

    private Failure wrongRegion(String operation, String answer, AwsServiceException e) {
        String actual = regionOf(e).map("it is in region '%s'"::formatted).orElse("its region is another one");
        return failure(
                FailureKind.CONFIGURATION_INVALID,
                operation,
                "bucket '%s' was asked for in region '%s', but %s (%s)"
                        .formatted(bucket.name(), bucket.region(), actual, answer),
                "Set FIREDRILL_S3_REGION to the bucket's region.",
                e);
    }

    private static Optional<String> regionOf(AwsServiceException e) {
        var details = e.awsErrorDetails();
        if (details == null) {
            return Optional.empty();
        }
        var response = Optional.ofNullable(details.sdkHttpResponse());
        return response.flatMap(http -> http.firstMatchingHeader("x-amz-bucket-region"))
                .filter(header -> header.matches("[a-z0-9-]{1,40}"))
                .or(() -> EXPECTED_REGION
                        .matcher(String.valueOf(details.errorMessage()))
                        .results()
                        .map(match -> match.group(1))
                        .findFirst());
    }

    private RuntimeException unanswered(String operation, SdkException e) {
        String text = String.valueOf(e.getMessage());
        if (text.contains("Unable to load credentials")) {
            return failure(
                    FailureKind.ACCESS_DENIED,
                    operation,
                    "no credentials were found",
                    "Give the process credentials where the AWS SDK looks: environment, profile or workload identity.",
                    e);
        }
        if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            return failure(
                    FailureKind.ABORTED,
                    operation,
                    "interrupted",
                    "Start the command again; it goes on where it stopped.",
                    e);
        }
        var last = causes(e).reduce((above, below) -> below).orElse(e);
        var failure = unavailable(
                operation, "no answer (%s)".formatted(last.getClass().getSimpleName()), e);
        boolean distrusted = causes(e)
                .anyMatch(
                        cause -> cause instanceof SSLHandshakeException || cause instanceof SSLPeerUnverifiedException);
        return distrusted ? failure : new TransientFault(failure);
    }

    private Failure unavailable(String operation, String reason, @Nullable Throwable cause) {
        return failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                operation,
                reason,
                "Check that the S3 endpoint is right, trusted and reachable from here; then start the command again.",
                cause);
    }

    private Failure failure(FailureKind kind, String operation, String reason, String hint, @Nullable Throwable cause) {
        return new Failure(kind, "%s in %s: %s".formatted(operation, bucket.location(), reason), hint, cause);
    }

    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause);
    }
}
