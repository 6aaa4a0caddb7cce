package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiedUriTest {
    @ParameterizedTest
    @CsvSource({
        "mongodb://h:1, mongodb://127.0.0.1:9/?directConnection=true",
        "mongodb://h:1/, mongodb://127.0.0.1:9/?directConnection=true",
        "mongodb://h:1/?replicaSet=r, mongodb://127.0.0.1:9/?directConnection=true&replicaSet=r",
        "mongodb://u:p%40w@h:1/shop?w=1&Compressors=zlib, mongodb://u:p%40w@127.0.0.1:9/shop?directConnection=true&w=1",
        "mongodb://u@h:1?directConnection=false&w=1, mongodb://u@127.0.0.1:9/?directConnection=true&w=1"
    })
    void aConnectionStringLeadsThroughUs(String direct, String through) {
        assertThat(ProxiedUri.through(direct, 9)).isEqualTo(through);
    }

    @ParameterizedTest
    @CsvSource({
        "mongodb://h:1, mongodb://h:1/?appName=x",
        "'mongodb://u:p%40w@h:1,i:2/shop?w=1&AppName=theirs', 'mongodb://u:p%40w@h:1,i:2/shop?appName=x&w=1'",
        "mongodb+srv://u@h/?tls=true, mongodb+srv://u@h/?appName=x&tls=true",
        "mongodb://h:1?w=1;j=true, mongodb://h:1/?appName=x&w=1&j=true"
    })
    void aClientIsGivenANameAndNothingElseIsChanged(String given, String named) {
        assertThat(ProxiedUri.named(given, "x")).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({
        "mongodb://h:1, mongodb://h:1",
        "mongodb://h:1/?w=1, mongodb://h:1/?w=1",
        "mongodb://u@h/d?tls=true&tlsCAFile=/a&TLSCertificateKeyFile=/b&tlsCertificateKeyFilePassword=p&w=1, mongodb://u@h/d?tls=true&w=1"
    })
    void whoIsHandedCertificatesReadsNoFiles(String given, String handed) {
        assertThat(ProxiedUri.withoutFiles(given)).isEqualTo(handed);
    }

    @Test
    void aServerThatHasToBeLookedUpIsNoneOfOurs() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> ProxiedUri.through("mongodb+srv://u:secret@cluster.example", 9));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).doesNotContain("secret");
    }
}
