package io.firedrill.runner;

import io.firedrill.evidence.PlanDigest;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.readiness.ReadinessPlan;
import io.firedrill.readiness.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code readiness.yaml}: sections, tasks and selectors; what is wrong in it is told with its line and column. */
final class ReadinessFile {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Set<String> ids = new HashSet<>();

    private ReadinessFile() {}

    static ReadinessPlan read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the readiness file %s cannot be read (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Write one with 'firedrill readiness init', or name yours with --file.");
        }
        String name = String.valueOf(file.getFileName());
        return new ReadinessFile().plan(new PlanDigest(name, sha256(bytes)), name, bytes);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private ReadinessPlan plan(PlanDigest digest, String name, byte[] bytes) {
        YamlFields root = YamlFields.parse(name, new String(bytes, StandardCharsets.UTF_8));
        root.only("version", "programme", "sections");
        YamlFields.Place version = root.text("version");
        if (!version.text().equals("1")) {
            throw version.wrong("is not a version that is known", "This Firedrill reads version: 1.");
        }
        List<ReadinessPlan.Section> sections =
                root.filled("sections").stream().map(this::section).toList();
        return new ReadinessPlan(digest, root.text("programme").text(), sections);
    }

    private ReadinessPlan.Section section(YamlFields fields) {
        fields.only("id", "title", "tasks");
        return new ReadinessPlan.Section(
                id(fields),
                fields.text("title").text(),
                fields.filled("tasks").stream().map(this::task).toList());
    }

    private Task task(YamlFields fields) {
        fields.only("id", "title", "owner", "backup-owner", "due", "ticket", "acceptance", "evidence");
        return new Task(
                id(fields),
                fields.text("title").text(),
                fields.optional("owner").map(YamlFields.Place::text).orElse(""),
                fields.optional("backup-owner").map(YamlFields.Place::text).orElse(""),
                fields.optional("due").map(ReadinessFile::date),
                fields.optional("ticket").map(YamlFields.Place::text).orElse(""),
                fields.texts("acceptance").stream().map(YamlFields.Place::text).toList(),
                fields.maps("evidence").stream().map(SelectorFields::read).toList());
    }

    private String id(YamlFields fields) {
        YamlFields.Place id = fields.text("id");
        if (!ID.matcher(id.text()).matches()) {
            throw id.wrong("is no id", "An id has small letters, digits and dashes, such as drill-met-rto.");
        }
        if (!ids.add(id.text())) {
            throw id.wrong("is there twice", "An id is that of one section or task in the whole file.");
        }
        return id.text();
    }

    static LocalDate date(YamlFields.Place place) {
        return dateOf(place.text()).orElseThrow(() -> place.wrong("is no date", "Write the day as 2026-11-28."));
    }

    static Optional<LocalDate> dateOf(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
