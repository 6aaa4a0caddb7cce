package io.firedrill.storage;

import io.firedrill.storage.ResumingStream.Body;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reads objects, or ranges of them, to their last byte. */
final class S3Reader {
    private static final Pattern TOTAL = Pattern.compile("bytes \\d+-\\d+/(\\d+)");

    private final S3Bucket bucket;
    private final Supplier<S3Client> client;
    private final Retries retries;
    private final S3Faults faults;

    S3Reader(S3Bucket bucket, Supplier<S3Client> client, Retries retries, S3Faults faults) {
        this.bucket = bucket;
        this.client = client;
        this.retries = retries;
        this.faults = faults;
    }

    Optional<InputStream> open(ObjectKey key) {
        return retries.run(() -> first(key, null)).map(answer -> {
            long bytes = answer.response().contentLength();
            return stream(key, 0, bytes, answer);
        });
    }

    /** What {@link #open} would find; a single attempt. */
    Optional<ObjectInfo> head(ObjectKey key) {
        return first(key, null).map(answer -> {
            answer.abort();
            return new ObjectInfo(key, answer.response().contentLength());
        });
    }

    /** The length has to be more than zero: HTTP knows no empty range. */
    Optional<InputStream> openRange(ObjectKey key, long offset, long length) {
        return retries.run(() -> first(key, range(offset, length)).map(answer -> {
                    checkRange(key, offset, length, answer);
                    return answer;
                }))
                .map(answer -> stream(key, offset, length, answer));
    }

    private InputStream stream(ObjectKey key, long offset, long length, ResponseInputStream<GetObjectResponse> first) {
        String etag = first.response().eTag();
        return new ResumingStream(
                length,
                bodyOf(first),
                done -> bodyOf(retries.run(() -> again(key, offset + done, length - done, etag))),
                retries,
                (done, cause) -> faults.broken(operation(key), offset + done, cause));
    }

    private Optional<ResponseInputStream<GetObjectResponse>> first(ObjectKey key, @Nullable String range) {
        try {
            return Optional.of(get(key, range, null));
        } catch (AwsServiceException e) {
            if (S3Faults.codeOf(e).equals("NoSuchKey")) {
                return Optional.empty();
            }
            if (e.statusCode() == 416) {
                throw faults.damaged(operation(key), "it ends before " + range, e);
            }
            throw faults.of(operation(key), e);
        } catch (SdkException e) {
            throw faults.of(operation(key), e);
        }
    }

    /** Goes on with the very object that was begun. */
    private ResponseInputStream<GetObjectResponse> again(ObjectKey key, long offset, long length, String etag) {
        try {
            var answer = get(key, range(offset, length), etag);
            checkRange(key, offset, length, answer);
            return answer;
        } catch (SdkException e) {
            if (e instanceof AwsServiceException s && (s.statusCode() == 404 || s.statusCode() == 412)) {
                throw faults.damaged(operation(key), "it vanished or changed while it was read", e);
            }
            throw faults.of(operation(key), e);
        }
    }

    private ResponseInputStream<GetObjectResponse> get(ObjectKey key, @Nullable String range, @Nullable String etag) {
        var request = GetObjectRequest.builder().bucket(bucket.name()).key(bucket.fullKey(key));
        if (range != null) {
            request.range(range);
        }
        if (etag != null) {
            request.ifMatch(etag);
        }
        var answer = client.get().getObject(request.build());
        var response = answer.response();
        if (response.eTag() == null || response.contentLength() == null) {
            answer.abort();
            throw faults.nonsense(operation(key), "an answer without etag or length");
        }
        return answer;
    }

    private void checkRange(ObjectKey key, long offset, long length, ResponseInputStream<GetObjectResponse> answer) {
        var response = answer.response();
        if (response.contentRange() != null && response.contentLength() == length) {
            return;
        }
        answer.abort();
        var total = TOTAL.matcher(String.valueOf(response.contentRange()));
        if (!total.matches()) {
            throw faults.nonsense(operation(key), "the range that was asked for was ignored");
        }
        throw faults.damaged(operation(key), Spans.beyondTheEnd(offset, length, Long.parseLong(total.group(1))), null);
    }

    private static Body bodyOf(ResponseInputStream<GetObjectResponse> answer) {
        return new Body(answer, answer::abort);
    }

    private static String range(long offset, long length) {
        return "bytes=%d-%d".formatted(offset, offset + length - 1);
    }

    private static String operation(ObjectKey key) {
        return "read '%s'".formatted(key);
    }
}
