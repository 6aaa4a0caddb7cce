package io.firedrill.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bson.Document;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoleTest {
    @ParameterizedTest
    @EnumSource
    void eachHasItsFileAndThePageLinksIt(Role role) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "OPERATIONS.md"));
        assertThat(page)
                .contains("| `%s` | [`%s`](../jobs/src/main/resources/io/firedrill/doctor/roles/%s.json) |"
                        .formatted(role.id(), role.roleName(), role.id()))
                .doesNotContain("createRole:");
        assertThat(Role.of(role.id())).hasValue(role);
        assertThat(role.grants("shop")).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void noneMayDoAnythingAtAll(Role role) {
        Document document = Document.parse(role.text("shop"));
        assertThat(document.getList("roles", Object.class)).isEmpty();
        assertThat(role.text()).doesNotContain("anyAction");
    }

    @ParameterizedTest
    @EnumSource
    void oneOfADatabaseNamesItWhereItIsSaid(Role role) {
        assertThat(role.isOfDatabase()).isEqualTo(role.id().startsWith("migrations-"));
        assertThat(role.text("shop")).doesNotContain("\"DATABASE\"");
        if (role.isOfDatabase()) {
            assertThat(role.text("shop")).contains("{\"db\": \"shop\", \"collection\": \"\"}");
        }
    }
}
