package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Holds what is signed, and what is told of it, against the published schemas. */
public enum RecordSchema {
    RECOVERY_RUN("recovery-run"),
    KEY_CHANGE("key-change"),
    APPROVAL("approval"),
    SIGN_OFF("readiness-sign-off"),
    WAIVER("readiness-waiver"),
    PUBLICATION("readiness-publication"),
    GATE("gate"),
    CHECKPOINT("checkpoint"),
    PERIOD_REPORT("period-report");

    private final String name;

    RecordSchema(String name) {
        this.name = name;
    }

    private Schema schema() {
        Path file = Path.of("..", "docs", "schema", name + "-v1.json");
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(file), InputFormat.JSON);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Fails with every place at which the payload is not what the schema says. */
    public void check(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        assertThat(schema().validate(text, InputFormat.JSON)).as(text).isEmpty();
    }
}
