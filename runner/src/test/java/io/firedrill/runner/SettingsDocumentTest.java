package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds the document to the declaration of the settings. */
class SettingsDocumentTest {
    @Test
    void theDocumentListsExactlyTheSettings() throws IOException {
        assertThat(Documents.table("SETTINGS.md"))
                .isEqualTo(Setting.all().stream().map(SettingsDocumentTest::row).toList());
    }

    private static String row(Setting setting) {
        @Nullable String flag = setting.flag().map(name -> "`" + name + "`").orElse("– (secret)");
        return "| `%s` | `%s` | %s | %s | %s | %s |"
                .formatted(
                        setting.key(),
                        setting.environment(),
                        flag,
                        setting.secret() ? "" : "`" + setting.example() + "`",
                        setting.fallback(),
                        setting.description());
    }
}
