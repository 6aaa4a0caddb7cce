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

/** What Spring Batch keeps in a database, by the script with which it makes it. */
final class BatchSchema {
    static final String POSTGRESQL = "postgresql";
    static final String H2 = "h2";

    private static final Pattern CREATE = Pattern.compile("CREATE (TABLE|SEQUENCE)\\s+(\\w+)");

    private BatchSchema() {}

    /** A table or a sequence, by the name that PostgreSQL gives it. */
    record Part(String name, boolean isTable) {}

    /** Where the script for a database lies on the class path. */
    static String script(String platform) {
        return "/org/springframework/batch/core/schema-%s.sql".formatted(platform);
    }

    /** What it makes in PostgreSQL. */
    static List<Part> parts() {
        try (InputStream script = Objects.requireNonNull(JobRepository.class.getResourceAsStream(script(POSTGRESQL)))) {
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
