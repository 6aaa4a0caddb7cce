package io.firedrill.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a key, and what content is. */
class ObjectKeyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a/.", "a\\b", "a\nb", "a\u0000", "\u0085",
                "\ud800"
            })
    void whatMightLeadElsewhereIsNoKey(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> ObjectKey.of(value));
    }

    @Test
    void aKeyHasAtMost1024Bytes() {
        assertThat(ObjectKey.of("\u00e4".repeat(512))).hasToString("\u00e4".repeat(512));
        assertThatIllegalArgumentException().isThrownBy(() -> ObjectKey.of("\u00e4".repeat(512) + "b"));
    }

    @Test
    void keysAreInTheOrderOfTheirBytes() {
        assertThat(ObjectKey.of("\uff5e")).isLessThan(ObjectKey.of("\ud83d\ude00"));
        assertThat(ObjectKey.of("a-b")).isLessThan(ObjectKey.of("a/b"));
        assertThat(ObjectKey.of("a")).isLessThan(ObjectKey.of("a-")).isEqualByComparingTo(ObjectKey.of("a"));
    }

    @Test
    void contentHasALengthAndAChecksum() {
        var content = Content.of(new byte[] {1, 2, 3});
        assertThat(content.bytes()).isEqualTo(3);
        assertThat(content.sha256()).hasSize(32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Content.of(-1, new byte[32], java.io.InputStream::nullInputStream));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Content.of(1, new byte[31], java.io.InputStream::nullInputStream));
    }
}
