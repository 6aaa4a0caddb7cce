package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code status} says somebody should do something about, from the store alone. */
class StatusWarningsTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    @Test
    void aDoubtThatStandsAndASealThatIsOverdueAreShownWithWhatToDo() {
        RealCall call = new RealCall(directory);
        BackupId id = BackupId.of(THEN, 1);
        try (ObjectStore store = ObjectStores.directory(call.store())) {
            var catalog = new BackupCatalog(store, "orders");
            catalog.doubts().put(id, new Notice(true, THEN, "jane", "1 of 3 segments read again differs"));
            catalog.doubts().put(BackupId.of(THEN, 2), new Notice(false, THEN, "jane", "mended"));
            store.create(catalog.seals().key(new OpTime(THEN.getEpochSecond(), 1)), Content.of(new byte[] {1}));
        }
        call.succeed("status", "--seal-interval", "6h");
        assertThat(call.out())
                .contains("DOUBT       orders, since backup " + id + ": 1 of 3 segments read again differs")
                .contains("firedrill backup --skip-again REASON")
                .contains("OVERDUE by seal-interval");
        call.succeed("status", "--output", "json");
        JsonNode status = JsonMapper.shared().readTree(call.out());
        assertThat(status.path("doubts").size()).isOne();
        assertThat(status.at("/doubts/0/backupId").asString()).isEqualTo(id.value());
        assertThat(status.at("/doubts/0/since").asString()).isEqualTo(THEN.toString());
        assertThat(status.at("/newestSeal/overdue").asBoolean(true)).isFalse();
        assertThat(status.at("/newestSeal/ageSeconds").asLong()).isPositive();
    }
}
