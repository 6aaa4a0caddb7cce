package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Selection;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingMarker.Mark;
import io.firedrill.restore.StagingMarker.State;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which backup a restore begins with that goes on with one that was cut off, when a nearer one has appeared meanwhile. */
class WayfinderTest {
    private static final OpTime MOMENT = new OpTime(115, 1);

    @TempDir
    private Path directory;

    private HandmadeArchive archive;
    private BackupId begun;
    private BackupId nearer;

    @BeforeEach
    void twoBackups() {
        archive = new HandmadeArchive(ObjectStores.directory(directory));
        begun = archive.backup(1, new OpTime(100, 1), "set");
        nearer = archive.backup(2, new OpTime(110, 1), "set");
        archive.links(archive.timeline(1, new OpTime(90, 1), "set"), HandmadeArchive.noops(90, 120), 10);
    }

    private Optional<Mark> cutOffOnItsWayTo(OpTime moment) {
        String aim = "%s to %s".formatted(Selection.EVERYTHING, moment);
        return Optional.of(new Mark("run-1", begun.value(), aim, State.LOADING, 0, false));
    }

    private RecoveryPlan way(String at, String backup, Optional<Mark> cutOff) {
        var request = new RestoreRequest(
                backup,
                Optional.of(RecoveryTarget.parse(at)),
                Optional.empty(),
                false,
                false,
                false,
                Selection.EVERYTHING);
        return new Wayfinder(archive.catalog()).way(request, cutOff).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"115,1", "before:115,2", "latest", "random", "random:7"})
    void itGoesOnWithTheBackupThatItBeganWith(String at) {
        RecoveryPlan plan = way(at, RestoreRequest.LATEST, cutOffOnItsWayTo(MOMENT));
        assertThat(plan.base().backup()).isEqualTo(begun);
        assertThat(plan.until()).isEqualTo(MOMENT);
    }

    @Test
    void theEndOfASecondIsTheSameMomentAgain() {
        RecoveryPlan plan = way("1970-01-01T00:01:55Z", RestoreRequest.LATEST, cutOffOnItsWayTo(OpTime.endOf(115)));
        assertThat(plan.base().backup()).isEqualTo(begun);
        assertThat(plan.asked()).isInstanceOf(RecoveryTarget.EndOfSecond.class);
    }

    @Test
    void whatIsAskedForStaysWhatWasSaid() {
        RecoveryTarget asked =
                way("before:115,2", begun.value(), cutOffOnItsWayTo(MOMENT)).asked();
        assertThat(asked).isEqualTo(RecoveryTarget.parse("before:115,2"));
    }

    @Test
    void anotherMomentAnotherBackupAndARunOfItsOwnArePlannedAnew() {
        Optional<Mark> cutOff = cutOffOnItsWayTo(MOMENT);
        assertThat(way("115,1", RestoreRequest.LATEST, Optional.empty()).base().backup())
                .isEqualTo(nearer);
        assertThat(way("116,1", RestoreRequest.LATEST, cutOff).base().backup()).isEqualTo(nearer);
        assertThat(way("115,1", nearer.value(), cutOff).base().backup()).isEqualTo(nearer);
    }
}
