package io.firedrill.storage;

import static io.firedrill.storage.ScriptedS3.SILENCE;
import static io.firedrill.storage.ScriptedS3.cut;
import static io.firedrill.storage.ScriptedS3.error;
import static io.firedrill.storage.ScriptedS3.reset;
import static io.firedrill.storage.ScriptedS3.resetAtOnce;
import static io.firedrill.storage.ScriptedS3.whole;
import static io.firedrill.storage.ScriptedS3.xml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ScriptedS3.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

/** What becomes of every answer that an S3 server, or the way to it, may give. */
class S3AnswersTest {
    private static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDSECRET", "verysecret"));
    private static final ObjectKey KEY = ObjectKey.of("some/key");
    private static final String TEXT = "0123456789";
    private static final Content CONTENT = Content.of(TEXT.getBytes(UTF_8));
    private static final String ETAG = "ETag: \"e\"";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Answer STORED = whole(200, "", ETAG);
    private static final Answer FOUND = whole(200, TEXT, ETAG);

    private final List<Duration> waits = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private ScriptedS3 server(Answer... script) throws IOException {
        var server = new ScriptedS3(script);
        opened.add(server);
        return server;
    }

    private ObjectStore store(URI endpoint, AwsCredentialsProvider keys, Duration patience) {
        var client =
                new LazyClient(() -> S3Clients.build(Optional.of(endpoint), Region.of("eu-west-1"), keys, patience));
        var bucket = ObjectStores.bucket("s3://bucket/pre/fix", "eu-west-1");
        var store = new S3ObjectStore(bucket, client, new Retries(new SplittableRandom(1), waits::add), 2);
        opened.add(store);
        return store;
    }

    private ObjectStore store(ScriptedS3 server) {
        return store(server.endpoint(), KEYS, server.isSilent() ? Duration.ofSeconds(2) : LONG);
    }

    private static Failure failureOf(ThrowingCallable action) {
        return catchThrowableOfType(Failure.class, action);
    }

    private static String read(ObjectStore store) {
        return new String(store.read(KEY, 99).orElseThrow(), UTF_8);
    }

    static Stream<Answer> whatMayPass() {
        return Stream.of(
                error(500, "InternalError"),
                error(503, "SlowDown"),
                error(503, "ServiceUnavailable"),
                error(429, "TooManyRequests"),
                error(400, "RequestTimeout"),
                error(409, "ConditionalRequestConflict"),
                error(409, "OperationAborted"),
                error(400, "BadDigest"),
                whole(502, "<html>proxy</html>"),
                whole(200, xml("InternalError", "We lied about the 200.")),
                whole(200, ""),
                cut(200, new byte[100], 0, "Content-Type: application/xml"),
                resetAtOnce(),
                SILENCE);
    }

    @ParameterizedTest
    @MethodSource("whatMayPass")
    void aPutIsTriedAgainUntilItIsSureToBeStored(Answer fault) throws IOException {
        var server = server(fault, fault, STORED);
        assertThat(store(server).create(KEY, CONTENT)).isTrue();
        assertThat(server.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("/bucket/pre/fix/some/key");
            assertThat(request.headers())
                    .containsEntry("if-none-match", "*")
                    .containsEntry("x-amz-checksum-sha256", "hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=");
        });
        assertThat(waits).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("whatMayPass")
    void aGetIsTriedAgainUntilItIsWhole(Answer fault) throws IOException {
        var server = server(fault, fault, FOUND);
        assertThat(read(store(server))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource("whatMayPass")
    void whatDoesNotPassEndsAfterEightTries(Answer fault) throws IOException {
        var server = server(fault);
        var failure = failureOf(() -> store(server).create(KEY, CONTENT));
        assertThat(failure.kind()).isIn(FailureKind.DEPENDENCY_UNAVAILABLE, FailureKind.BACKUP_DAMAGED);
        assertThat(failure).hasMessageContaining("s3://bucket/pre/fix").hasMessageContaining("tried 8 times");
        assertThat(failure.text() + failure.hint()).doesNotContain("AKIDSECRET", "verysecret");
        assertThat(server.requests()).hasSize(8);
        assertThat(waits).hasSize(7);
        for (int i = 0; i < waits.size(); i++) {
            assertThat(waits.get(i)).isBetween(Duration.ZERO, Duration.ofMillis(Math.min(200L << i, 10_000)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403, InvalidAccessKeyId, ACCESS_DENIED, access key",
        "403, SignatureDoesNotMatch, ACCESS_DENIED, secret key",
        "403, AccessDenied, ACCESS_DENIED, Grant",
        "403, SomethingNew, ACCESS_DENIED, Grant",
        "401, Unauthorized, ACCESS_DENIED, Grant",
        "400, ExpiredToken, ACCESS_DENIED, Renew",
        "403, RequestTimeTooSkewed, ACCESS_DENIED, clock",
        "404, NoSuchBucket, CONFIGURATION_INVALID, Create the bucket",
        "507, InsufficientStorage, STORE_FULL, quota",
        "403, QuotaExceeded, STORE_FULL, quota",
        "507, XMinioStorageFull, STORE_FULL, quota",
        "400, KeyTooLongError, DEPENDENCY_UNAVAILABLE, endpoint",
        "404, NoSuchUpload, DEPENDENCY_UNAVAILABLE, endpoint"
    })
    void whatWillNotPassIsNamedAtOnce(int status, String code, FailureKind kind, String hint) throws IOException {
        var server = server(error(status, code));
        var store = store(server);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store.create(KEY, CONTENT),
                () -> store.open(KEY),
                () -> store.list("").toList(),
                () -> store.delete(KEY))) {
            var failure = failureOf(call);
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.hint()).contains(hint);
            assertThat(failure.text() + failure.hint()).doesNotContain("AKIDSECRET", "verysecret");
        }
        assertThat(server.requests()).hasSize(4);
        assertThat(waits).isEmpty();
    }

    @Test
    void aWrongRegionIsNamedWithTheRightOne() throws IOException {
        var redirect = error(301, "PermanentRedirect", "x-amz-bucket-region: eu-central-1");
        var malformed = whole(
                400, xml("AuthorizationHeaderMalformed", "the region 'eu-west-1' is wrong; expecting 'eu-central-1'"));
        var mute = error(307, "TemporaryRedirect", "x-amz-bucket-region: <script>");
        for (Answer answer : List.of(redirect, malformed, mute)) {
            var failure = failureOf(() -> store(server(answer)).open(KEY));
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure).hasMessageContaining("'eu-west-1'");
            assertThat(failure.text().contains("'eu-central-1'")).isEqualTo(!answer.equals(mute));
            assertThat(failure).message().doesNotContain("script");
        }
    }

    @Test
    void aTakenKeyIsNoFault() throws IOException {
        var server = server(error(412, "PreconditionFailed"));
        assertThat(store(server).create(KEY, CONTENT)).isFalse();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aConflictThatAnotherWonIsATakenKey() throws IOException {
        var server = server(error(409, "ConditionalRequestConflict"), error(412, "PreconditionFailed"));
        assertThat(store(server).create(KEY, CONTENT)).isFalse();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aKeyTakenByOurOwnPutOfWhichWeWereNotToldIsCreated() throws IOException {
        var server = server(resetAtOnce(), error(412, "PreconditionFailed"), FOUND);
        assertThat(store(server).create(KEY, CONTENT)).isTrue();
    }

    @Test
    void aKeyTakenByAnotherWhileWeWereInDoubtIsTaken() throws IOException {
        var taken = error(412, "PreconditionFailed");
        assertThat(store(server(error(500, "InternalError"), taken, whole(200, "other", ETAG)))
                        .create(KEY, CONTENT))
                .isFalse();
        assertThat(store(server(whole(200, ""), taken, error(404, "NoSuchKey"))).create(KEY, CONTENT))
                .isFalse();
    }

    @Test
    void bytesThatNeverMatchAreDamage() throws IOException {
        var failure = failureOf(() -> store(server(error(400, "BadDigest"))).create(KEY, CONTENT));
        assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
    }

    @Test
    void aBodyThatBreaksOffIsReadOnFromThere() throws IOException {
        byte[] body = TEXT.getBytes(UTF_8);
        var rest = whole(206, TEXT.substring(4), ETAG, "Content-Range: bytes 4-9/10");
        for (Answer broken : List.of(cut(200, body, 4, ETAG), reset(200, body, 4, ETAG))) {
            var server = server(broken, error(503, "SlowDown"), rest);
            var store = store(server);
            try (var in = store.open(KEY).orElseThrow()) {
                // One by one, so that what arrived before a reset is not lost with it.
                var text = new StringBuilder();
                for (int c = in.read(); c >= 0; c = in.read()) {
                    text.append((char) c);
                }
                assertThat(text).hasToString(TEXT);
            }
            var again = server.requests().getLast().headers();
            assertThat(again).containsEntry("if-match", "\"e\"");
            assertThat(again.get("range")).matches("bytes=[0-4]-9");
        }
    }

    @Test
    void aRangeThatBreaksOffIsReadOnWithinItsBounds() throws IOException {
        var broken = cut(206, "3456".getBytes(UTF_8), 2, ETAG, "Content-Range: bytes 3-6/10");
        var rest = whole(206, "56", ETAG, "Content-Range: bytes 5-6/10");
        var server = server(broken, rest);
        try (var in = store(server).openRange(KEY, 3, 4).orElseThrow()) {
            assertThat(in.readAllBytes()).asString().isEqualTo("3456");
        }
        assertThat(server.requests().getLast().headers()).containsEntry("range", "bytes=5-6");
    }

    @Test
    void aBodyThatAlwaysBreaksOffEndsInAFailureNotAnEnd() throws IOException {
        var server = server(
                cut(200, TEXT.getBytes(UTF_8), 0, ETAG),
                cut(206, TEXT.getBytes(UTF_8), 0, ETAG, "Content-Range: bytes 0-9/10"));
        var failure = failureOf(() -> read(store(server)));
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("byte 0");
        assertThat(server.requests()).hasSize(8);
    }

    @Test
    void anObjectThatChangesWhileItIsReadIsDamaged() throws IOException {
        for (Answer gone : List.of(error(412, "PreconditionFailed"), error(404, "NoSuchKey"))) {
            var server = server(cut(200, TEXT.getBytes(UTF_8), 0, ETAG), gone);
            var failure = failureOf(() -> read(store(server)));
            assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
            assertThat(failure).hasMessageContaining("some/key");
        }
    }

    @Test
    void anIgnoredRangeIsNotTakenForTheRange() throws IOException {
        var deaf = server(FOUND);
        assertThat(failureOf(() -> store(deaf).openRange(KEY, 3, 10)).kind())
                .isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        var server = server(FOUND, whole(206, "34", ETAG, "Content-Range: bytes 3-4/10"));
        try (var in = store(server).openRange(KEY, 3, 2).orElseThrow()) {
            assertThat(in.readAllBytes()).asString().isEqualTo("34");
        }
    }

    @Test
    void aHeadWithoutReasonIsAskedAgainByGet() throws IOException {
        var denied = server(whole(403, ""), error(403, "RequestTimeTooSkewed"));
        assertThat(failureOf(() -> store(denied).head(KEY)).hint()).contains("clock");
        var missing = server(whole(404, ""), error(404, "NoSuchBucket"));
        assertThat(failureOf(() -> store(missing).head(KEY)).kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        var absent = server(whole(404, ""), error(404, "NoSuchKey"), whole(404, ""));
        var store = store(absent);
        assertThat(store.head(KEY)).isEmpty();
        assertThat(store.head(KEY)).isEmpty();
        assertThat(absent.requests()).extracting(ScriptedS3.Request::method).containsExactly("HEAD", "GET", "HEAD");
        var appeared = server(whole(404, ""), FOUND);
        assertThat(store(appeared).head(KEY)).hasValue(new ObjectInfo(KEY, 10));
    }

    @Test
    void aHeadIsTriedAgainLikeAnythingElse() throws IOException {
        var server = server(whole(503, ""), whole(200, ""), error(429, "SlowDown"), STORED);
        assertThat(store(server).head(KEY)).hasValue(new ObjectInfo(KEY, 0));
    }

    private static Answer page(boolean truncated, String... keys) {
        var contents = new StringBuilder();
        List.of(keys)
                .forEach(key -> contents.append("<Contents><Key>pre/fix/")
                        .append(key)
                        .append("</Key><Size>1</Size><ETag>e</ETag></Contents>"));
        return whole(
                200,
                "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>%s</IsTruncated>%s</ListBucketResult>"
                        .formatted(truncated, contents));
    }

    @Test
    void aListingGoesOnAfterTheLastKeyOfEachPage() throws IOException {
        var server = server(page(true, "a", "b"), error(503, "SlowDown"), page(true, "c", "folder/"), page(false, "z"));
        assertThat(store(server).list("").map(info -> info.key().value())).containsExactly("a", "b", "c", "z");
        assertThat(server.requests().getLast().target()).contains("start-after=pre%2Ffix%2Ffolder%2F");
    }

    static Stream<Answer> brokenPages() {
        String half = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents>";
        return Stream.of(
                page(true),
                page(false, "b", "a"),
                page(false, "a", "a"),
                whole(200, "<?xml version=\"1.0\"?><ListBucketResult></ListBucketResult>"),
                whole(200, half),
                cut(200, half.getBytes(UTF_8), half.length() - 9),
                whole(200, "<html>captive portal</html>"),
                whole(200, ""),
                whole(200, xml("InternalError", "We lied about the 200.")));
    }

    @ParameterizedTest
    @MethodSource("brokenPages")
    void aBrokenPageIsNeverTakenForAWholeOne(Answer broken) throws IOException {
        assertThat(store(server(broken, page(false, "a"))).list("")).hasSize(1);
        var failure = failureOf(() -> store(server(broken)).list("").toList());
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
    }

    @Test
    void aPageOutsideThePrefixIsBroken() throws IOException {
        var server = server(page(false, "other/a"), page(false, "mine/a"));
        assertThat(store(server).list("mine/")).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        var server = new ScriptedS3(STORED);
        server.close();
        var failure = failureOf(() -> store(server.endpoint(), KEYS, LONG).create(KEY, CONTENT));
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("ConnectException");
    }

    @Test
    void missingCredentialsAreDeniedAtOnce() throws IOException {
        AwsCredentialsProvider none = () -> {
            throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
        };
        var failure =
                failureOf(() -> store(server(STORED).endpoint(), none, LONG).create(KEY, CONTENT));
        assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("no credentials were found");
        assertThat(waits).isEmpty();
    }

    @Test
    void anInterruptionAborts() throws IOException {
        var store = store(server(SILENCE));
        Thread.currentThread().interrupt();
        var failure = failureOf(() -> store.create(KEY, CONTENT));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(FailureKind.ABORTED);
    }

    @Test
    void aFailureOfTheContentIsThrownAsItIs() throws IOException {
        var own = new Failure(FailureKind.TARGET_REFUSED, "own", "Own.");
        var content = Content.of(3, new byte[32], () -> {
            throw own;
        });
        assertThat(failureOf(() -> store(server(STORED)).create(KEY, content))).isSameAs(own);
    }
}
