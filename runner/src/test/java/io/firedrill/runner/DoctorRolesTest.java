package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorRolesTest {
    @TempDir
    Path directory;

    private Call call = new Call(Path.of("."));

    @BeforeEach
    void call() {
        call = new Call(directory);
    }

    @Test
    void aRoleIsPrintedAsMongoshTakesIt() {
        assertThat(call.run("doctor", "roles", "backup")).isZero();
        assertThat(call.out())
                .startsWith("db.getSiblingDB(\"admin\").runCommand({\"createRole\": \"firedrillBackup\"")
                .endsWith("]})\n");
    }

    @Test
    void programsGetTheCommandAlone() {
        assertThat(call.run("doctor", "roles", "migrations-list", "--database", "shop", "--output", "json"))
                .isZero();
        JsonNode document = JsonMapper.shared().readTree(call.out());
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("principal").asString()).isEqualTo("migrations-list");
        assertThat(document.at("/command/privileges/0/resource/db").asString()).isEqualTo("shop");
    }

    @Test
    void whatCannotBeARoleIsAUsageError() {
        assertThat(call.run("doctor", "roles", "root")).isEqualTo(2);
        assertThat(call.err()).contains("'root' is no principal", "migrations-apply");
        assertThat(call.run("doctor", "roles", "migrations-list")).isEqualTo(2);
        assertThat(call.err()).contains("none is named", "--database");
        assertThat(call.run("doctor", "roles", "migrations-list", "--database", "a\"}, {"))
                .isEqualTo(2);
        assertThat(call.err()).contains("is not the name of a database");
    }
}
