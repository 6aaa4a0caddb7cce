package io.firedrill.evidence;

import io.firedrill.evidence.RehearsalFacts.Estimate;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a rehearsal found, for the report: a line for each change, a column for each property, and what went wrong. */
final class RehearsalMatrix {
    private static final int PERCENT = 100;

    private final Optional<RehearsalFacts> facts;

    RehearsalMatrix(RunRecord record) {
        this.facts = record.rehearsal();
    }

    Map<String, Object> values() {
        List<String> properties = properties();
        List<Map<String, Object>> failures = failures();
        return Map.of(
                "there", facts.isPresent(),
                "properties", properties.stream().map(RehearsalMatrix::heading).toList(),
                "rows",
                        changes().stream()
                                .map(change -> row(change, properties))
                                .toList(),
                "failures", failures,
                "accepted", failures.stream().anyMatch(failure -> Boolean.TRUE.equals(failure.get("accepted"))));
    }

    private List<OfChange> changes() {
        return facts.map(RehearsalFacts::changes).orElse(List.of());
    }

    /** In the order of the first change that has most. */
    private List<String> properties() {
        return changes().stream()
                .flatMap(change -> change.properties().stream())
                .map(OfProperty::property)
                .distinct()
                .toList();
    }

    private static String heading(String property) {
        return property.replace('_', ' ').toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> row(OfChange change, List<String> properties) {
        List<Map<String, String>> cells = properties.stream()
                .map(property -> cell(change.grade(property), heading(property)))
                .toList();
        return Map.of(
                "name", change.name(),
                "where", change.where(),
                "cells", cells,
                "took",
                        change.measures()
                                .map(each -> Units.duration(each.seconds()))
                                .orElse("–"),
                "source",
                        change.estimate()
                                .map(each -> each.earlier() == 0 ? "not known" : "≈ " + Units.duration(each.seconds()))
                                .orElse(""),
                "basis", change.estimate().map(RehearsalMatrix::basis).orElse(""),
                "wrote", change.measures().map(RehearsalMatrix::wrote).orElse("") + share(change) + felt(change));
    }

    private static Map<String, String> cell(Grade grade, String property) {
        return switch (grade) {
            case PROVEN -> Map.of("badge", "PASSED", "title", property + ": proven");
            case FAILED -> Map.of("badge", "FAILED", "title", property + ": failed");
            case ACCEPTED -> Map.of("badge", "WARNED", "title", property + ": failed, and accepted");
            case NOT_TESTED -> Map.of("badge", "SKIPPED", "title", property + ": not tested");
        };
    }

    private static String wrote(Measures measures) {
        String documents = "%s documents, %s of oplog"
                .formatted(Units.count(measures.documents()), Units.bytes(measures.oplogBytes()));
        return measures.statements().isEmpty()
                ? documents
                : documents + "; " + String.join(", ", measures.statements());
    }

    private static String basis(Estimate reckoned) {
        String range = reckoned.lowSeconds()
                .flatMap(low -> reckoned.highSeconds()
                        .map(high -> "%s to %s; ".formatted(Units.duration(low), Units.duration(high))))
                .orElse("");
        return "%sfor %s documents, %s; %s"
                .formatted(range, Units.count(reckoned.documents()), Units.bytes(reckoned.bytes()), reckoned.basis());
    }

    private String share(OfChange change) {
        OptionalDouble share = facts.orElseThrow().oplogShare(change);
        return share.isEmpty() ? "" : "; %.1f %% of the source's oplog".formatted(share.getAsDouble() * PERCENT);
    }

    private static String felt(OfChange change) {
        return change.burden()
                .map(burden -> "; a user's requests took %.1f ms at p95, %.1f before, %.1f at most"
                        .formatted(burden.p95DuringMillis(), burden.p95BeforeMillis(), burden.maxDuringMillis()))
                .orElse("");
    }

    private List<Map<String, Object>> failures() {
        var failures = new ArrayList<Map<String, Object>>();
        for (OfChange change : changes()) {
            change.properties().stream()
                    .filter(each -> each.grade().isRefuted())
                    .forEach(each -> failures.add(Map.of(
                            "change", change.name(),
                            "property", heading(each.property()),
                            "accepted", each.grade() == Grade.ACCEPTED,
                            "detail", each.detail(),
                            "differences", each.differences())));
        }
        return failures;
    }
}
