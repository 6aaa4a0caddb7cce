package io.firedrill.storage;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** Opens the store that a URL names. */
public final class ObjectStores {
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final String URL_HINT =
            "Set FIREDRILL_STORE to s3://bucket/prefix or file:///dir; credentials never belong into it.";

    private ObjectStores() {}

    /** Opens nothing yet: a store that is not there shows at the first use. */
    public static ObjectStore open(StoreSettings settings) {
        String url = settings.url();
        if (url.startsWith("s3://")) {
            return s3(settings);
        }
        if (url.startsWith("file:///")) {
            return directory(pathOf(url));
        }
        throw invalid("the store's url is neither s3://bucket/prefix nor file:///dir", URL_HINT, null);
    }

    /** Opens it for a look at what it can do. */
    public static StoreProbe probe(StoreSettings settings) {
        if (!settings.url().startsWith("s3://")) {
            return new DirectoryProbe(pathOf(settings.url()));
        }
        var bucket = bucket(settings.url(), region(settings));
        URI endpoint = settings.s3Endpoint()
                .map(ObjectStores::endpoint)
                .orElseGet(() -> URI.create("https://s3.%s.amazonaws.com".formatted(bucket.region())));
        return new S3Probe(bucket, endpoint, client(settings, bucket));
    }

    public static ObjectStore directory(Path root) {
        return new DirectoryObjectStore(root);
    }

    private static ObjectStore s3(StoreSettings settings) {
        var bucket = bucket(settings.url(), region(settings));
        var retries = new Retries(new SplittableRandom(), Sleeper.REAL);
        return new S3ObjectStore(bucket, client(settings, bucket), retries, S3ObjectStore.PAGE_MAX);
    }

    private static LazyClient client(StoreSettings settings, S3Bucket bucket) {
        var endpoint = settings.s3Endpoint().map(ObjectStores::endpoint);
        return new LazyClient(() -> S3Clients.build(
                endpoint,
                Region.of(bucket.region()),
                DefaultCredentialsProvider.builder().build()));
    }

    static S3Bucket bucket(String url, String region) {
        String[] parts = url.substring("s3://".length()).split("/", 2);
        String prefix = parts.length < 2 ? "" : parts[1].replaceFirst("/$", "");
        if (!BUCKET.matcher(parts[0]).matches()) {
            throw invalid("the store's url names no bucket that there can be", URL_HINT, null);
        }
        return new S3Bucket(parts[0], prefix.isEmpty() ? "" : prefixOf(prefix) + "/", region);
    }

    private static ObjectKey prefixOf(String prefix) {
        try {
            return ObjectKey.of(prefix);
        } catch (IllegalArgumentException e) {
            throw invalid("the store's url has a prefix that is no key", URL_HINT, e);
        }
    }

    private static Path pathOf(String url) {
        try {
            return Path.of(new URI(url));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw invalid("the store's url is not a file url", "Write a space as %20 and a percent sign as %25.", e);
        }
    }

    private static URI endpoint(String endpoint) {
        try {
            var uri = new URI(endpoint);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its text would quote the endpoint, and that may hold a password.
        }
        throw invalid(
                "the s3 endpoint is not an http or https url of a host",
                "Set FIREDRILL_S3_ENDPOINT to something like https://minio.example:9000, without credentials.",
                null);
    }

    /** A server at an endpoint of its own mostly does not care; AWS does. */
    private static String region(StoreSettings settings) {
        String region = settings.s3Region()
                .or(() -> Optional.ofNullable(System.getenv("AWS_REGION")))
                .or(() -> settings.s3Endpoint().map(endpoint -> "us-east-1"))
                .orElseGet(ObjectStores::regionOfThisMachine);
        if (!REGION.matcher(region).matches()) {
            throw invalid("the s3 region '%s' cannot be one".formatted(region), "Correct FIREDRILL_S3_REGION.", null);
        }
        return region;
    }

    private static String regionOfThisMachine() {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion().id();
        } catch (SdkClientException e) {
            throw invalid("the s3 region is not known", "Set FIREDRILL_S3_REGION to the bucket's region.", e);
        }
    }

    private static Failure invalid(String message, String hint, @Nullable Throwable cause) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, message, hint, cause);
    }
}
