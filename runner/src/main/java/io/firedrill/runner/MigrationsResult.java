package io.firedrill.runner;

import io.firedrill.migration.ChangeState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of an artefact and how they stand in a database; the names are those of the JSON output.
 *
 * @param artefact the jar, project or command
 * @param digest SHA-256 of what would be run
 * @param database {@code name on host}; null if none was asked
 * @param findings about the whole; those about one change are with it
 */
record MigrationsResult(
        String tool,
        @Nullable String toolVersion,
        String artefact,
        @Nullable String digest,
        @Nullable String database,
        @Nullable Lock lock,
        List<Line> changes,
        List<Lint> findings) {

    /**
     * One change.
     *
     * @param state a {@link ChangeState}; null if no database was asked
     * @param willRun whether the tool's next run would run it
     * @param by the host that ran it
     * @param run what it ran together with
     * @param rollback present, empty, none or unknown
     */
    record Line(
            String id,
            String author,
            String order,
            String where,
            @Nullable ChangeState state,
            @Nullable Boolean willRun,
            @Nullable Instant appliedAt,
            String recordedState,
            String by,
            String run,
            @Nullable Long millis,
            @Nullable Boolean transactional,
            boolean runAlways,
            String rollback,
            @Nullable String codeHash,
            String note,
            List<Lint> findings) {

        /** As a person names it; the id alone may stand twice. */
        String name() {
            return author.isEmpty() ? id : id + " (" + author + ")";
        }

        boolean drifted() {
            return state != null && state.isDrift();
        }
    }

    /** One finding with why it matters and what to do instead. */
    record Lint(String rule, String level, String detail, String why, String recipe) {
        Rule described() {
            return new Rule(rule, level, why, recipe);
        }
    }

    /** What findings have in common; sorted the worst first. */
    record Rule(String id, String level, String why, String recipe) implements Comparable<Rule> {
        private static final List<String> LEVELS = List.of("error", "warning", "note");

        @Override
        public int compareTo(Rule other) {
            int byLevel = Integer.compare(LEVELS.indexOf(level), LEVELS.indexOf(other.level));
            return byLevel != 0 ? byLevel : id.compareTo(other.id);
        }
    }

    /**
     * The tool's lock.
     *
     * @param skewSeconds how far this machine's clock is ahead of the server's
     */
    record Lock(
            boolean live,
            String holder,
            @Nullable Instant since,
            @Nullable Double ageSeconds,
            @Nullable Instant expiresAt,
            Instant serverTime,
            double skewSeconds) {}

    List<Line> in(ChangeState state) {
        return changes.stream().filter(line -> line.state() == state).toList();
    }

    List<Line> drifted() {
        return changes.stream().filter(Line::drifted).toList();
    }

    boolean isLocked() {
        return lock != null && Objects.requireNonNull(lock).live();
    }
}
