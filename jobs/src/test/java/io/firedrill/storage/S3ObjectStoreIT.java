package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.S3Server;
import java.net.URI;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The contract of stores against a real S3 server. */
class S3ObjectStoreIT implements ObjectStoreContract {
    /** One bucket for all tests, each of which has a prefix of its own. */
    private static final Optional<StoreSettings> MADE = S3Server.freshBucket();

    /** Before each, for a class that is skipped as a whole leaves no word of it in the reports. */
    @BeforeEach
    void needsAServer() {
        assumeTrue(MADE.isPresent(), S3Server.unchecked("S3 contract"));
    }

    @Override
    public ObjectStore store() {
        return store(settings(), DefaultCredentialsProvider.builder().build());
    }

    @Override
    public int keysOfThreePages() {
        return 10;
    }

    private static StoreSettings settings() {
        return MADE.orElseThrow();
    }

    private static ObjectStore store(StoreSettings where, AwsCredentialsProvider credentials) {
        var bucket = ObjectStores.bucket(where.url() + "/a prefix/" + UUID.randomUUID(), "us-east-1");
        var client = new LazyClient(
                () -> S3Clients.build(where.s3Endpoint().map(URI::create), Region.of(bucket.region()), credentials));
        return new S3ObjectStore(bucket, client, new Retries(new SplittableRandom(1), wait -> {}), 4);
    }

    @Test
    void theStoreOfTheSettingsKeepsToItsPrefix() {
        var here = settings();
        String url = here.url() + "/one/" + UUID.randomUUID();
        var one = new StoreSettings(url, here.s3Endpoint(), here.s3Region());
        var sibling = new StoreSettings(url + "-sibling", here.s3Endpoint(), here.s3Region());
        try (var store = ObjectStores.open(one);
                var other = ObjectStores.open(sibling)) {
            assertThat(other.create(ObjectKey.of("k"), Content.of(new byte[1]))).isTrue();
            assertThat(store.create(ObjectKey.of("k"), Content.of(new byte[2]))).isTrue();
            assertThat(store.list("")).containsExactly(new ObjectInfo(ObjectKey.of("k"), 2));
            assertThat(store.location()).isEqualTo(url);
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        var nowhere = new StoreSettings(
                "s3://no-such-" + UUID.randomUUID(), settings().s3Endpoint(), Optional.empty());
        try (var store = store(nowhere, DefaultCredentialsProvider.builder().build())) {
            var key = ObjectKey.of("k");
            assertMissingBucket(catchThrowableOfType(Failure.class, () -> store.head(key)));
            assertMissingBucket(catchThrowableOfType(Failure.class, () -> store.open(key)));
            assertMissingBucket(catchThrowableOfType(Failure.class, () -> store.create(key, Content.of(new byte[1]))));
            assertMissingBucket(
                    catchThrowableOfType(Failure.class, () -> store.list("").toList()));
        }
    }

    private static void assertMissingBucket(Failure failure) {
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure).hasMessageContaining("does not exist");
    }

    @Test
    void wrongKeysAreDeniedAndNeverRepeated() {
        var wrong = AwsBasicCredentials.create("AKIDUNKNOWNUNKNOWN", "notthesecret");
        try (var store = store(settings(), StaticCredentialsProvider.create(wrong))) {
            var failure = catchThrowableOfType(Failure.class, () -> store.head(ObjectKey.of("k")));
            assertThat(failure.kind()).as(failure.text()).isEqualTo(FailureKind.ACCESS_DENIED);
            assertThat(failure.text() + failure.hint()).doesNotContain("AKIDUNKNOWN", "notthesecret");
        }
    }
}
