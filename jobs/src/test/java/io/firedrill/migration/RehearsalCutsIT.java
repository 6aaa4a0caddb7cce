package io.firedrill.migration;

import static io.firedrill.migration.SampleRehearsal.failed;
import static io.firedrill.migration.SampleRehearsal.property;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cut of one change, asked for by its name. */
class RehearsalCutsIT {
    private static final String CHANGE = "04-increment.js";

    @TempDir
    private Path directory;

    /** A name is all it takes: the same cut of the same change comes to the same. */
    @Test
    void aCutIsMadeAgainByItsNameAndNothingElseIsTested() {
        RehearsalFacts once = cut(CHANGE + ":kill-after-data-1");
        OfChange change = SampleRehearsal.change(once, CHANGE);
        assertThat(failed(change)).containsExactly(Property.CRASH_SAFE.name());
        assertThat(property(change, Property.CRASH_SAFE).detail()).startsWith("0/1; kill-after-data-1: ");
        assertThat(property(change, Property.ROLLBACK).detail())
                .isEqualTo("nothing but 04-increment.js:kill-after-data-1 was asked for");
        assertThat(once.artefactSha256()).as("no receipt").isEmpty();

        OfChange again = SampleRehearsal.change(cut(CHANGE + ":kill-after-data-1"), CHANGE);
        assertThat(property(again, Property.CRASH_SAFE)).isEqualTo(property(change, Property.CRASH_SAFE));
    }

    @Test
    void aCutThatTheChangeNeverComesToIsRefused() {
        assertThatThrownBy(() -> cut(CHANGE + ":kill-before-data-2"))
                .hasMessageContaining("'04-increment.js' has 1 data writes and 1 writes of rows");
        assertThatThrownBy(() -> cut("99-none.js:kill-before-data-1")).hasMessageContaining("is not pending");
    }

    /** The trap of the samples that counts again, between two changes that are as they should be. */
    private RehearsalFacts cut(String name) {
        var options = new RehearsalOptions(
                false,
                Optional.of(ChangeCut.parse(name)),
                Duration.ofMinutes(2),
                Optional.empty(),
                Duration.ofSeconds(1),
                Map.of(),
                List.of(),
                Map.of());
        MigrationSource source = SampleRehearsal.project(
                Map.of("03-marks.js", marking("before"), CHANGE, """
                        exports.up = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: 1 } }); };
                        exports.down = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: -1 } }); };
                        """, "05-marks.js", marking("after")), 0, false);
        return SampleRehearsal.rehearsed(
                directory,
                source,
                options,
                rehearsal -> {
                    rehearsal.apply();
                    rehearsal.cut();
                },
                _ -> {});
    }

    private static String marking(String field) {
        return """
                exports.up = async (db) => { await db.collection('regions').updateMany({}, { $set: { %1$s: 1 } }); };
                exports.down = async (db) => { await db.collection('regions').updateMany({}, { $unset: { %1$s: '' } }); };
                """.formatted(field);
    }
}
