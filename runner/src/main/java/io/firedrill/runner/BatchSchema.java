package io.firedrill.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.batch.core.repository.JobRepository;

/** What Spring Batch keeps in PostgreSQL, by the script with which it makes it. */
final class BatchSchema {
    private static final String SCRIPT = "/org/springframework/batch/core/schema-postgresql.sql";
    private static final Pattern CREATE = Pattern.compile("CREATE (TABLE|SEQUENCE)\\s+(\\w+)");

    private BatchSchema() {}

    /** A table or a sequence, by the name that PostgreSQL gives it. */
    record Part(String name, boolean isTable) {}

    static List<Part> parts() {
        try (InputStream script = Objects.requireNonNull(JobRepository.class.getResourceAsStream(SCRIPT))) {
            return CREATE.matcher(new String(script.readAllBytes(), StandardCharsets.UTF_8))
                    .results()
                    .map(made -> new Part(
                            made.group(2).toLowerCase(Locale.ROOT),
                            made.group(1).equals("TABLE")))
                    .toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
