package io.firedrill.storage;

import static io.firedrill.storage.ScriptedS3.error;
import static io.firedrill.storage.ScriptedS3.whole;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** What is asked of an S3 server to lock an object, and which of its answers are believed. */
class S3LocksTest {
    private static final ObjectKey KEY = ObjectKey.of("some/key");
    private static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");
    private static final String ETAG = "ETag: \"e\"";
    private static final String DATE = "x-amz-object-lock-retain-until-date: 2027-01-01T00:00:00Z";

    private static S3ObjectStore store(ScriptedS3 server) {
        var keys = StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDSECRET", "verysecret"));
        var client = new LazyClient(() ->
                S3Clients.build(Optional.of(server.endpoint()), Region.of("eu-west-1"), keys, Duration.ofSeconds(20)));
        var bucket = ObjectStores.bucket("s3://bucket/pre/fix", "eu-west-1");
        return new S3ObjectStore(bucket, client, new Retries(new SplittableRandom(1), _ -> {}), 2);
    }

    private static Optional<Instant> lockedUntil(ScriptedS3.Answer answer) throws IOException {
        try (var server = new ScriptedS3(answer);
                var store = store(server)) {
            return store.lockedUntil(KEY);
        }
    }

    @Test
    void theLockIsAskedForWithTheObjectItself() throws IOException {
        try (var server = new ScriptedS3(whole(200, "", ETAG));
                var store = store(server)) {
            assertThat(store.createLocked(KEY, Content.of("x".getBytes(UTF_8)), UNTIL))
                    .isTrue();
            assertThat(server.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.headers())
                            .containsEntry("if-none-match", "*")
                            .containsEntry("x-amz-object-lock-mode", "COMPLIANCE")
                            .containsEntry("x-amz-object-lock-retain-until-date", UNTIL.toString()));
        }
    }

    @Test
    void onlyALockThatNobodyCanLiftCounts() throws IOException {
        assertThat(lockedUntil(whole(200, "", ETAG, "x-amz-object-lock-mode: COMPLIANCE", DATE)))
                .contains(UNTIL);
        assertThat(lockedUntil(whole(200, "", ETAG, "x-amz-object-lock-mode: GOVERNANCE", DATE)))
                .isEmpty();
        assertThat(lockedUntil(whole(200, "", ETAG, "x-amz-object-lock-mode: COMPLIANCE")))
                .isEmpty();
        assertThat(lockedUntil(whole(200, "", ETAG))).isEmpty();
        assertThat(lockedUntil(whole(404, ""))).isEmpty();
    }

    @Test
    void whoMayNotAskIsNotTakenForLocked() {
        Failure failure = catchThrowableOfType(Failure.class, () -> lockedUntil(whole(403, "")));
        assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        assertThat(failure.text()).contains("look at the lock of 'some/key'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"InvalidRequest", "NotImplemented", "InvalidBucketState", "ObjectLockConfigurationNotFoundError"
            })
    void aBucketThatCannotLockIsNamedAtOnce(String code) throws IOException {
        try (var server = new ScriptedS3(error(code.equals("NotImplemented") ? 501 : 400, code));
                var store = store(server)) {
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> store.createLocked(KEY, Content.of(new byte[1]), UNTIL));
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("s3://bucket/pre/fix", "the bucket does not lock objects", code);
            assertThat(server.requests()).hasSize(1);
        }
    }
}
