package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Faults that no scripted server can show. */
class S3FaultsTest {
    @Test
    void aServerThatIsNotTrustedIsNotAskedAgain() {
        var faults = new S3Faults(ObjectStores.bucket("s3://bucket", "eu-west-1"));
        var distrust = SdkClientException.create("no", new SSLHandshakeException("no path"));
        assertThat(faults.of("read", distrust))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE));
    }
}
