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

    @Test
    void aServerThatHasToBeLookedUpIsNoneOfOurs() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> ProxiedUri.through("mongodb+srv://u:secret@cluster.example", 9));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).doesNotContain("secret");
    }
}
