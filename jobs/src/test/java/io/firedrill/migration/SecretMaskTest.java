package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretMaskTest {
    private static final String URI = "mongodb+srv://ann:p%40ss%2Bw+ord@db.example/shop?authSource=admin";

    @ParameterizedTest
    @CsvSource({
        "cannot reach mongodb+srv://ann:p%40ss%2Bw+ord@db.example/shop?authSource=admin now,cannot reach mongodb+srv://***@db.example/shop?authSource=admin now",
        "the password p%40ss%2Bw+ord is wrong,the password *** is wrong",
        "the password p@ss+w+ord is wrong,the password *** is wrong",
        "mongodb://ben:other@h/ is another's,mongodb://***@h/ is another's",
        "nothing to hide,nothing to hide"
    })
    void neitherTheStringNorThePasswordInAnyFormIsLeft(String said, String told) {
        assertThat(SecretMask.of(List.of("shop", URI)).hide(said)).isEqualTo(told);
    }

    @Test
    void whatHasNoPasswordHidesNothing() {
        var mask = SecretMask.of(List.of("mongodb://h:27017/", "mongodb://ann@h/", "mongodb://ann:%zz@h/"));
        assertThat(mask.hide("h:27017 ann %zz")).isEqualTo("h:27017 ann ***");
        assertThat(mask.hide("at mongodb://h:27017/")).isEqualTo("at mongodb://h:27017/");
    }
}
