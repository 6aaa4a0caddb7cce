package io.firedrill.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Builds the S3 client: no retries of its own, a limit to every wait, and no checksum but ours. */
final class S3Clients {
    /** Until an answer begins, and more for each byte to be sent: slower than this is not working. */
    static final Duration ATTEMPT_MAX = Duration.ofMinutes(1);

    static final long BYTES_PER_SECOND_MIN = 128 * 1024;

    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final int CONNECTIONS_MAX = 64;

    private S3Clients() {}

    static S3Client build(Optional<URI> endpoint, Region region, AwsCredentialsProvider credentials) {
        return build(endpoint, region, credentials, SILENCE_MAX);
    }

    static S3Client build(
            Optional<URI> endpoint, Region region, AwsCredentialsProvider credentials, Duration silenceMax) {
        var http = Apache5HttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(silenceMax)
                .connectionAcquisitionTimeout(Duration.ofSeconds(60))
                .maxConnections(CONNECTIONS_MAX)
                .tcpKeepAlive(true);
        var builder = S3Client.builder()
                .httpClientBuilder(http)
                .region(region)
                .credentialsProvider(credentials)
                // Some S3-compatible stores refuse the SDK's own trailing checksums; ours is sent in a header.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(settings ->
                        settings.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(ATTEMPT_MAX));
        endpoint.ifPresent(uri -> builder.endpointOverride(uri).forcePathStyle(true));
        return builder.build();
    }

    static Duration patienceFor(long bytes) {
        return ATTEMPT_MAX.plusSeconds(bytes / BYTES_PER_SECOND_MIN);
    }
}
