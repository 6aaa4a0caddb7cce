package io.firedrill.migration;

import static io.firedrill.migration.SampleRehearsal.failed;
import static io.firedrill.migration.SampleRehearsal.requireProven;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fifteen change units of the sample project with every cut: half an hour, so only with {@code
 * -Dfiredrill.rehearsal.sample=full}. What came of it is in target/matrices.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
@EnabledIfSystemProperty(named = "firedrill.rehearsal.sample", matches = "full")
class SampleMatrixIT {
    private static final Map<String, List<Property>> PLANTED = Map.of(
            "empty-rollback", List.of(Property.ROLLBACK),
            "forgets-a-field", List.of(Property.ROLLBACK),
            "drops-documents", List.of(Property.ROLLBACK),
            "loses-an-index", List.of(Property.ROLLBACK),
            "increments", List.of(Property.RERUN_SAFE, Property.CRASH_SAFE),
            "inserts-once", List.of(Property.RERUN_SAFE, Property.CRASH_SAFE),
            "writes-elsewhere", List.of(Property.SCOPE));

    @TempDir
    private Path directory;

    private RehearsalFacts matrix(String name) {
        RehearsalOptions options = SampleRehearsal.options(true, Duration.ofMinutes(1), Map.of());
        RehearsalFacts facts = SampleRehearsal.rehearsed(
                directory,
                SampleRehearsal.mongock(directory.resolve("made"), "com.acme." + name),
                options,
                rehearsal -> SampleRehearsal.all(rehearsal, options),
                // What is known is there to be looked at while it goes on.
                rehearsal -> write(name, rehearsal.facts()));
        write(name, facts);
        return facts;
    }

    private static void write(String name, RehearsalFacts facts) {
        var lines = new ArrayList<String>();
        facts.changes()
                .forEach(change -> change.properties()
                        .forEach(each -> lines.add("%-16s %-17s %-10s %s %s"
                                .formatted(
                                        change.id(),
                                        each.property(),
                                        each.grade(),
                                        each.detail(),
                                        each.differences()))));
        try {
            Path matrices = Files.createDirectories(Path.of("target", "matrices"));
            Files.write(matrices.resolve("sample-%s.txt".formatted(name)), lines);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** But for what no change can do anything about: Mongock does not notice that its lock has become another's. */
    @Test
    void everyGoodChangeIsProvenInEverythingThatIsUpToIt() {
        RehearsalFacts facts = matrix("good");
        assertThat(facts.changes()).hasSize(8);
        List<Property> upToIt = Stream.of(Property.values())
                .filter(each -> each != Property.FENCED)
                .toList();
        for (OfChange change : facts.changes()) {
            requireProven(change, upToIt);
            assertThat(change.grade(Property.FENCED.name())).isNotEqualTo(Grade.NOT_TESTED);
        }
    }

    @Test
    void everyPlantedDefectIsCaughtByWhatShouldCatchIt() {
        RehearsalFacts facts = matrix("bad");
        assertThat(facts.changes()).extracting(OfChange::id).containsExactlyInAnyOrderElementsOf(PLANTED.keySet());
        for (OfChange change : facts.changes()) {
            assertThat(failed(change))
                    .as(change.id())
                    .containsAll(PLANTED.getOrDefault(change.id(), List.of()).stream()
                            .map(Property::name)
                            .toList());
            assertThat(change.grade(Property.APPLIES.name())).isEqualTo(Grade.PROVEN);
        }
    }
}
