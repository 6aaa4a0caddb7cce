package io.firedrill.report;

import io.firedrill.report.Block.Cell;
import io.firedrill.report.Block.Column;
import io.firedrill.report.Block.Figure;
import io.firedrill.report.Block.Grid;
import io.firedrill.report.Block.Heading;
import io.firedrill.report.Block.Pair;
import io.firedrill.report.Block.Pairs;
import io.firedrill.report.Block.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The page of one run, made of what its template in HTML shows too. */
final class RunPage {
    private static final Map<String, Sign> BADGES =
            Map.of("PASSED", Sign.PASSED, "WARNED", Sign.WARNED, "FAILED", Sign.FAILED, "SKIPPED", Sign.INCONCLUSIVE);

    private final Map<String, Object> values;
    private final Sign tone;
    private final Optional<String> checkpoint;
    private final List<Block> blocks = new ArrayList<>();

    RunPage(Map<String, Object> values, Sign tone, Optional<String> checkpoint) {
        this.values = values;
        this.tone = tone;
        this.checkpoint = checkpoint;
    }

    Page page() {
        figures();
        changes();
        phases();
        untested();
        checks();
        collections();
        pairs("Left out of the scope", "excluded");
        pairs("Restored under another name", "renamed");
        rows(values, "parties").forEach(party -> pairs(text(party, "role"), rows(party, "facts")));
        pairs("Run", "details");
        pairs("Parameters", "parameters");
        pairs("Notes", "notes");
        Map<?, ?> record = record();
        pairs(
                "Record",
                record.entrySet().stream()
                        .map(each -> Map.of("name", each.getKey(), "value", each.getValue()))
                        .toList());
        checkpoint.ifPresent(copy -> blocks.add(new Words("Checkpoint " + copy)));
        String why = String.join(
                ". ",
                List.of(text(values, "message"), text(values, "hint")).stream()
                        .filter(each -> !each.isEmpty())
                        .toList());
        return new Page(
                text(values, "kind"),
                text(values, "day"),
                tone,
                text(values, "verdict"),
                text(values, "lead"),
                why,
                blocks,
                "Ledger %s, record %s, SHA-256 %s, signed with %s."
                        .formatted(
                                text(record, "ledger"),
                                text(record, "seq"),
                                text(record, "sha256"),
                                text(record, "keyId")));
    }

    private Map<?, ?> record() {
        return values.get("record") instanceof Map<?, ?> map ? map : Map.of();
    }

    private void figures() {
        var figures = new ArrayList<Figure>();
        if (Boolean.TRUE.equals(values.get("recovers")) && values.get("rto") instanceof Map<?, ?> rto) {
            Ink ink =
                    switch (text(rto, "state")) {
                        case "met" -> Ink.GOOD;
                        case "missed" -> Ink.BAD;
                        default -> Ink.TEXT;
                    };
            boolean named = text(rto, "target").isEmpty() || text(rto, "word").startsWith("target");
            String target = named ? "" : "target %s: ".formatted(text(rto, "target"));
            String scope = text(rto, "scope").isEmpty() ? "" : "; " + text(rto, "scope");
            figures.add(new Figure("Recovery time", text(rto, "actual"), target + text(rto, "word") + scope, ink));
        }
        rows(values, "figures")
                .forEach(row -> figures.add(new Figure(
                        text(row, "name"),
                        text(row, "value"),
                        text(row, "note"),
                        text(row, "state").isEmpty() ? Ink.TEXT : Ink.BAD)));
        blocks.add(new Block.Figures(figures));
        addPairs(rows(values, "point"));
    }

    private void changes() {
        Map<?, ?> rehearsal = values.get("rehearsal") instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> release = values.get("release") instanceof Map<?, ?> map ? map : Map.of();
        if (Boolean.TRUE.equals(rehearsal.get("there"))) {
            blocks.add(new Heading("changes", "Changes"));
            table(
                    List.of(Column.text("Change", 4), Column.text("What was seen", 6), Column.number("Took", 1)),
                    rows(rehearsal, "rows"),
                    row -> List.of(
                            Cell.of(text(row, "name")).with(text(row, "where")),
                            Cell.of(String.join(
                                            "; ",
                                            rows(row, "cells").stream()
                                                    .map(cell -> text(cell, "title"))
                                                    .toList()))
                                    .with(text(row, "wrote")),
                            Cell.of(text(row, "took"))));
            rows(rehearsal, "failures")
                    .forEach(fault -> blocks.add(new Words("%s, %s: %s"
                            .formatted(text(fault, "change"), text(fault, "property"), text(fault, "detail")))));
        }
        if (Boolean.TRUE.equals(release.get("there"))) {
            blocks.add(new Heading("changes", "Changes"));
            table(
                    List.of(
                            Column.text("Change", 4),
                            Column.text("By its row", 2),
                            Column.number("Planned", 1),
                            Column.number("Actual", 1),
                            Column.text("Restore point", 2)),
                    rows(release, "rows"),
                    row -> List.of(
                            Cell.of(text(row, "name")).with(text(row, "end")),
                            badge(text(row, "badge"), text(row, "state")),
                            Cell.of(text(row, "planned")),
                            Cell.of(text(row, "actual")),
                            Cell.of(text(row, "restorePoint"))));
        }
    }

    private void phases() {
        Map<?, ?> chart = values.get("chart") instanceof Map<?, ?> map ? map : Map.of();
        if (!rows(chart, "rows").isEmpty()) {
            blocks.add(new Heading("phases", "Phases"));
            blocks.add(new Block.Plot(WaterfallChart.of(rows(chart, "rows"), rows(chart, "ticks"))));
            addPairs(rows(values, "sums"));
        }
    }

    private void untested() {
        blocks.add(new Heading("untested", "What was not tested"));
        List<?> untested = values.get("notTested") instanceof List<?> list ? list : List.of();
        untested.forEach(what -> blocks.add(new Words("\u2013 " + Shown.text(String.valueOf(what)))));
        if (untested.isEmpty()) {
            blocks.add(new Words("The run names nothing it left untested."));
        }
    }

    private void checks() {
        if (rows(values, "checks").isEmpty()) {
            return;
        }
        blocks.add(new Heading("checks", "Checks"));
        table(
                List.of(
                        Column.text("Result", 1.4),
                        Column.text("Check", 4),
                        Column.text("Expected", 2.4),
                        Column.text("Observed", 2.4),
                        Column.number("Agree", 1)),
                rows(values, "checks"),
                row -> List.of(
                        badge(text(row, "result"), text(row, "result")),
                        Cell.of(text(row, "id")).with((text(row, "method") + " " + text(row, "detail")).strip()),
                        Cell.of(text(row, "expected")),
                        Cell.of(text(row, "observed")),
                        Cell.of("%s / %s".formatted(text(row, "matched"), text(row, "population")))));
    }

    private void collections() {
        if (rows(values, "collections").isEmpty()) {
            return;
        }
        boolean backs = Boolean.TRUE.equals(values.get("backs"));
        blocks.add(new Heading("collections", "Collections"));
        table(
                List.of(
                        Column.text("Namespace", 4),
                        Column.number("Documents", 1.5),
                        Column.number("Size", 1.3),
                        Column.number("Indexes", 1),
                        Column.number(backs ? "Segments" : "Segments equal", 1.6),
                        Column.text("Digest", 1.7),
                        Column.text("Result", 1.4)),
                rows(values, "collections"),
                row -> List.of(
                        Cell.of(text(row, "namespace")),
                        Cell.of(text(row, "documents")),
                        Cell.of(text(row, "bytes")),
                        Cell.of(text(row, "indexes")),
                        Cell.of(
                                backs
                                        ? text(row, "segments")
                                        : "%s / %s".formatted(text(row, "segmentsEqual"), text(row, "segments"))),
                        Cell.of(text(row, "digestShort")),
                        backs ? Cell.of("") : badge(text(row, "result"), text(row, "result"))));
    }

    private static Cell badge(String name, String text) {
        return Optional.ofNullable(BADGES.get(name))
                .map(sign -> Cell.of(sign, text))
                .orElseGet(() -> Cell.of(text));
    }

    private void table(List<Column> columns, List<Map<?, ?>> rows, Function<Map<?, ?>, List<Cell>> cells) {
        blocks.add(new Grid("", columns, rows.stream().map(cells).toList()));
    }

    private void pairs(String heading, String key) {
        pairs(heading, rows(values, key));
    }

    private void pairs(String heading, List<? extends Map<?, ?>> rows) {
        if (!rows.isEmpty()) {
            blocks.add(new Heading(heading, heading));
            addPairs(rows);
        }
    }

    private void addPairs(List<? extends Map<?, ?>> rows) {
        blocks.add(new Pairs(rows.stream()
                .map(row -> new Pair(text(row, "name"), text(row, "value")))
                .toList()));
    }

    private static List<Map<?, ?>> rows(Map<?, ?> of, String key) {
        var rows = new ArrayList<Map<?, ?>>();
        if (of.get(key) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> row) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private static String text(Map<?, ?> of, String key) {
        return of.get(key) instanceof String text ? Shown.text(text) : "";
    }
}
