package io.firedrill.testing;

import io.firedrill.storage.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * A real S3 server for tests: the one that FIREDRILL_TEST_S3_ENDPOINT names (with credentials where the AWS SDK looks),
 * else MinIO in Docker, else none. {@code scripts/s3 start} starts one.
 */
public final class S3Server {
    private static final String REGION = "us-east-1";
    private static final String MINIO = "minio/minio:RELEASE.2025-09-07T16-13-09Z";
    private static final int MINIO_PORT = 9000;

    private S3Server() {}

    /** A new bucket, and where it is; empty if there is no server. */
    public static Optional<StoreSettings> freshBucket() {
        return Found.ENDPOINT.map(found -> {
            String bucket = "firedrill-test-" + UUID.randomUUID();
            try (var client = client(found)) {
                client.createBucket(create -> create.bucket(bucket));
            }
            return new StoreSettings("s3://" + bucket, Optional.of(found), Optional.of(REGION));
        });
    }

    /** A new bucket whose objects are locked for a day from their creation; empty if there is no server. */
    public static Optional<StoreSettings> lockedBucket() {
        return Found.ENDPOINT.map(found -> {
            String bucket = "firedrill-test-" + UUID.randomUUID();
            try (var client = client(found)) {
                client.createBucket(create -> create.bucket(bucket).objectLockEnabledForBucket(true));
                client.putObjectLockConfiguration(put -> put.bucket(bucket)
                        .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                                .rule(rule -> rule.defaultRetention(retention -> retention
                                        .mode(ObjectLockRetentionMode.COMPLIANCE)
                                        .days(1)))));
            }
            return new StoreSettings("s3://" + bucket, Optional.of(found), Optional.of(REGION));
        });
    }

    /** A new bucket that locks what it is asked to lock, and nothing else; empty if there is no server. */
    public static Optional<StoreSettings> lockingBucket() {
        return Found.ENDPOINT.map(found -> {
            String bucket = "firedrill-test-" + UUID.randomUUID();
            try (var client = client(found)) {
                client.createBucket(create -> create.bucket(bucket).objectLockEnabledForBucket(true));
            }
            return new StoreSettings("s3://" + bucket, Optional.of(found), Optional.of(REGION));
        });
    }

    /** A new user who may do what policies of buckets say; empty where the server takes no users, as versitygw does. */
    public static Optional<AwsCredentialsIdentity> newUser(StoreSettings settings) {
        var user = AwsCredentialsIdentity.create("user-" + UUID.randomUUID(), "secret-" + UUID.randomUUID());
        String account = "<Account><Access>%s</Access><Secret>%s</Secret><Role>user</Role></Account>"
                .formatted(user.accessKeyId(), user.secretAccessKey());
        return createAccount(settings.s3Endpoint().orElseThrow(), account) == 201
                ? Optional.of(user)
                : Optional.empty();
    }

    private static int createAccount(String endpoint, String account) {
        URI address = URI.create(endpoint + "/create-user");
        var root = DefaultCredentialsProvider.builder().build().resolveCredentials();
        var unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.PATCH)
                .uri(address)
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(root)
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromUtf8String(account))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, REGION));
        var request = HttpRequest.newBuilder(address).method("PATCH", HttpRequest.BodyPublishers.ofString(account));
        signed.request().headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host")) {
                request.header(name, values.getFirst());
            }
        });
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException thrown) {
            throw new AssertionError("the server does not answer", thrown);
        }
    }

    /** What to say when a test is skipped for want of a server. */
    public static String unchecked(String promise) {
        return promise + ": not tested, no S3 server: start Docker, or one with scripts/s3 start";
    }

    /** A client that sees the bucket as it is, past the store under test. */
    public static S3Client client(StoreSettings settings) {
        return client(settings.s3Endpoint().orElseThrow());
    }

    private static S3Client client(String endpoint) {
        return S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .build();
    }

    /** Looked for once: Docker takes its time to answer. */
    private static final class Found {
        private static final Optional<String> ENDPOINT = Optional.ofNullable(
                        System.getenv("FIREDRILL_TEST_S3_ENDPOINT"))
                .filter(set -> !set.isBlank())
                .or(S3Server::minioInDocker);
    }

    @SuppressWarnings("resource") // Testcontainers removes the container when this JVM ends.
    private static Optional<String> minioInDocker() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        String access = "access-" + UUID.randomUUID();
        String secret = "secret-" + UUID.randomUUID();
        var minio = new GenericContainer<>(MINIO)
                .withExposedPorts(MINIO_PORT)
                .withEnv("MINIO_ROOT_USER", access)
                .withEnv("MINIO_ROOT_PASSWORD", secret)
                .withCommand("server", "/data")
                .waitingFor(Wait.forHttp("/minio/health/ready").forPort(MINIO_PORT));
        minio.start();
        System.setProperty("aws.accessKeyId", access);
        System.setProperty("aws.secretAccessKey", secret);
        return Optional.of("http://%s:%d".formatted(minio.getHost(), minio.getMappedPort(MINIO_PORT)));
    }
}
