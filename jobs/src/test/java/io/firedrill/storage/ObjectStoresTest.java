package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs are stores. */
class ObjectStoresTest {
    private static StoreSettings settings(String url, String endpoint, String region) {
        return new StoreSettings(url, Optional.of(endpoint).filter(set -> !set.isEmpty()), Optional.of(region));
    }

    private static void assertInvalid(StoreSettings settings) {
        var failure = catchThrowableOfType(Failure.class, () -> ObjectStores.open(settings));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text() + failure.hint() + failure.getCause()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket, s3://bucket",
        "s3://bucket/, s3://bucket",
        "s3://my.bucket_1/a/b c, s3://my.bucket_1/a/b c",
        "s3://bucket/a/b/, s3://bucket/a/b",
        "file:///var/lib/store, file:///var/lib/store",
        "file:///a%20b/../c/, file:///c"
    })
    void aUrlIsAStore(String url, String location) {
        try (var store = ObjectStores.open(settings(url, "", "eu-west-1"))) {
            assertThat(store.location()).isEqualTo(location);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bucket/prefix",
                "http://bucket",
                "s3:/bucket",
                "s3://",
                "s3:///prefix",
                "s3://key:secret@bucket/prefix",
                "s3://bucket?secret",
                "s3://bucket//a",
                "s3://bucket/../a",
                "file://host/dir",
                "file:relative",
                "file:///a b"
            })
    void whatIsNoStoreIsRefused(String url) {
        assertInvalid(settings(url, "", "eu-west-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9000",
                "ftp://host",
                "http://",
                "https://user:secret@host",
                "https://host?token=secret",
                "http://ho st/secret"
            })
    void anEndpointIsAnHttpUrlWithoutCredentials(String endpoint) {
        assertInvalid(settings("s3://bucket", endpoint, "eu-west-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eu west", "x.evil.example/", "EU"})
    void aRegionLooksLikeOne(String region) {
        assertInvalid(settings("s3://bucket", "", region));
    }

    @Test
    void anEndpointNeedsNoRegion() {
        var settings = new StoreSettings("s3://bucket/p", Optional.of("https://minio.example:9000"), Optional.empty());
        try (var store = ObjectStores.open(settings)) {
            assertThat(store.location()).isEqualTo("s3://bucket/p");
        }
    }
}
