package io.firedrill.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoleTest {
    private static final Path FILES = Path.of("src", "main", "resources", "io", "firedrill", "doctor", "roles");

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "OPERATIONS.md"));
    }

    @ParameterizedTest
    @EnumSource
    void eachHasItsFileAndThePageLinksIt(Role role) throws IOException {
        assertThat(page())
                .contains("| `%s` | [`%s`](../jobs/src/main/resources/io/firedrill/doctor/roles/%s.json) |"
                        .formatted(role.id(), role.roleName(), role.id()))
                .doesNotContain("createRole:");
        assertThat(Role.of(role.id())).hasValue(role);
        assertThat(role.grants("shop")).isNotEmpty();
    }

    @Test
    void thereIsNoFileBesides() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Role.values())
                            .map(role -> role.id() + ".json")
                            .toList());
        }
    }

    /** What may be done on any resource reaches the server's own documents too, unless only definitions are read. */
    @Test
    void onAnyResourceOnlyDefinitionsAreReadAndThePageSaysWhyAndForWhom() throws IOException {
        Map<String, Set<String>> asking = Arrays.stream(Role.values())
                .filter(role -> role.text().contains("anyResource"))
                .collect(Collectors.toMap(Role::id, RoleTest::onAnyResource));
        assertThat(asking.values())
                .allSatisfy(actions -> assertThat(actions).containsExactlyInAnyOrder("listCollections", "listIndexes"));
        assertThat(asking).containsOnlyKeys("backup", "restore", "replay");
        assertThat(page())
                .contains("`listCollections` and `listIndexes` are asked for on any resource"
                        + " (`anyResource`, in `backup`, `restore` and `replay`) because of time series");
    }

    private static Set<String> onAnyResource(Role role) {
        return role.grants("shop").stream()
                .filter(grant -> grant.resource().containsKey("anyResource"))
                .map(Grant::action)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void noneMayDoAnythingAtAllOrHasARoleOfTheServers(Role role) {
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
