package io.firedrill.runner;

import io.firedrill.migration.ChangeState;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A table of migrations for a person: how each stands, then what is wrong and what to do about it. */
final class MigrationsTable implements MigrationsPrinter {
    private static final int CELL_COLUMNS_MAX = 60;
    private static final int LABEL_COLUMNS = 10;
    private static final List<String> HEADS =
            List.of("STATE", "ORDER", "ID", "AUTHOR", "APPLIED AT", "BY", "TX", "ROLLBACK", "NOTE");

    private final PrintStream out;
    private final Paint paint;

    MigrationsTable(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    @Override
    public void print(MigrationsResult result) {
        String version = result.toolVersion() == null ? "" : " " + Visible.of(result.toolVersion());
        line("Tool", result.tool() + version);
        line("Artefact", Visible.of(result.artefact()));
        line("SHA-256", result.digest());
        line("Database", result.database() == null ? null : Visible.of(result.database()));
        MigrationsResult.Lock lock = result.lock();
        if (lock != null) {
            line("Lock", (lock.live() ? paint.bad("LIVE") : paint.doubtful("STALE")) + "  " + Visible.of(words(lock)));
        }
        out.println();
        rows(result.changes());
        out.println();
        out.println(summary(result));
        findings(result);
    }

    private void line(String label, @Nullable String text) {
        if (text != null) {
            out.println(label + " ".repeat(LABEL_COLUMNS - label.length()) + text);
        }
    }

    static String words(MigrationsResult.Lock lock) {
        var words = new ArrayList<String>();
        words.add("held" + (lock.holder().isEmpty() ? "" : " by " + lock.holder()));
        if (lock.since() != null && lock.ageSeconds() != null) {
            words.add("since " + Figures.time(lock.since()) + " (" + Figures.seconds(lock.ageSeconds()) + ")");
        }
        words.add(
                lock.expiresAt() == null
                        ? "never expires"
                        : (lock.live() ? "expires " : "expired ") + Figures.time(lock.expiresAt()));
        words.add("server's clock " + Figures.time(lock.serverTime()));
        words.add(String.format(Locale.ROOT, "ours %+.1fs", lock.skewSeconds()));
        return String.join(", ", words);
    }

    private void rows(List<MigrationsResult.Line> changes) {
        List<List<String>> table = new ArrayList<>();
        table.add(HEADS);
        changes.forEach(change -> table.add(cells(change).stream()
                .map(Visible::of)
                .map(MigrationsTable::cut)
                .toList()));
        int[] widths = new int[HEADS.size()];
        table.forEach(row -> Arrays.setAll(
                widths, column -> Math.max(widths[column], row.get(column).length())));
        for (List<String> row : table) {
            var text = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                if (widths[column] > 0) {
                    text.append(row.get(column))
                            .append(" ".repeat(widths[column] - row.get(column).length() + 2));
                }
            }
            String state = row.getFirst();
            out.println(painted(state) + text.substring(state.length()).stripTrailing());
        }
    }

    static List<String> cells(MigrationsResult.Line change) {
        return List.of(
                change.state() == null ? "-" : change.state().name(),
                change.order(),
                change.id(),
                change.author(),
                change.appliedAt() == null ? "" : Figures.time(change.appliedAt()),
                change.by(),
                change.transactional() == null ? "" : change.transactional() ? "yes" : "no",
                change.rollback(),
                change.note());
    }

    private static String cut(String text) {
        return text.length() <= CELL_COLUMNS_MAX ? text : text.substring(0, CELL_COLUMNS_MAX - 1) + "…";
    }

    private String painted(String state) {
        return switch (state) {
            case "APPLIED", "RUN_ALWAYS" -> paint.good(state);
            case "PENDING" -> paint.doubtful(state);
            case "STATE", "-" -> state;
            default -> paint.bad(state);
        };
    }

    /** "12 changes: 3 applied, 2 pending". */
    static String summary(MigrationsResult result) {
        String states = Arrays.stream(ChangeState.values())
                .filter(state -> !result.in(state).isEmpty())
                .map(state -> result.in(state).size() + " "
                        + state.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
        String all = Figures.count(result.changes().size(), "change");
        return states.isEmpty()
                ? all + (result.changes().isEmpty() ? "" : ", no database was asked")
                : all + ": " + states;
    }

    /** By rule, the worst first: why and what to do stand once. */
    private void findings(MigrationsResult result) {
        Map<MigrationsResult.Rule, List<String>> found = new TreeMap<>();
        result.findings().forEach(finding -> note(found, finding, result.tool()));
        result.changes().forEach(change -> change.findings().forEach(finding -> note(found, finding, change.name())));
        found.forEach((rule, places) -> {
            out.println();
            out.println(painted(rule) + "  " + rule.id());
            out.println("  why: " + rule.why());
            out.println("  do:  " + rule.recipe());
            places.forEach(place -> out.println("  - " + Visible.of(place)));
        });
    }

    private static void note(
            Map<MigrationsResult.Rule, List<String>> found, MigrationsResult.Lint finding, String about) {
        found.computeIfAbsent(finding.described(), _ -> new ArrayList<>()).add(about + ": " + finding.detail());
    }

    private String painted(MigrationsResult.Rule rule) {
        return switch (rule.level()) {
            case "error" -> paint.bad(rule.level());
            case "warning" -> paint.doubtful(rule.level());
            default -> rule.level();
        };
    }
}
