package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.HandmadeRuns;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** That nothing green stands before something red: what newer runs have to say of a backup. */
class StatusProofTest extends HandmadeStore {
    @Test
    void aBackupThatANewerDrillRefutedIsNotProven() {
        String older = backup("orders", 2);
        drill("orders", older).add();
        String newest = backup("orders", 1);
        drill("orders", newest).add();
        assertThat(reasons()).isEmpty();

        long by = refuted("orders", newest).add();
        assertThat(reasons())
                .containsExactly(
                        "FAILING the newest backup, %s, was refuted by run %d".formatted(newest, by),
                        "FAILING the last drill FAILED");
        // From the index that the first look has made, and from the store again.
        assertThat(reasons()).hasSize(2);
        assertThat(status().at("/lastBackup/state").asString()).isEqualTo("refuted");
        assertThat(status().at("/lastProven/backupId").asString()).isEqualTo(older);
        assertThat(state(newest)).isEqualTo("refuted");
        assertThat(state(older)).isEqualTo("proven");
        assertThat(call.fail(71, "status", "--check").message()).contains("was refuted by run " + by);
        assertThat(call.out()).contains("REFUTED");

        drill("orders", newest).inPart().add();
        assertThat(state(newest)).as("a part clears nothing").isEqualTo("refuted");
        assertThat(reasons()).contains("FAILING the last drill FAILED");
        assertThat(status().at("/lastDrill/outcome").asString()).isEqualTo("FAILED");

        drill("orders", newest).ended(Outcome.ABORTED, "ABORTED").add();
        assertThat(reasons())
                .contains("FAILING the last drill FAILED", "ATTENTION the last drill proves nothing: ABORTED");

        drill("orders", newest).add();
        assertThat(reasons()).isEmpty();
        assertThat(state(newest)).isEqualTo("proven");
    }

    /** The moment that it shows cannot be recovered; the one before may be. */
    @Test
    void whatARefutedBackupShowsIsNotRecoverable() {
        String older = backup("orders", 2);
        drill("orders", older).add();
        refuted("orders", backup("orders", 1)).add();
        assertThat(Instant.parse(status().at("/recoverable/at").asString()))
                .isBefore(now.minus(Duration.ofDays(2)).plusSeconds(1));
    }

    @Test
    void anOlderBackupThatWasRefutedNeedsALookAsLongAsItIsThere() throws IOException {
        String older = backup("orders", 2);
        long by = runs.run("verify")
                .of("orders", older)
                .ended(Outcome.FAILED, "BACKUP_DAMAGED")
                .add();
        String newest = backup("orders", 1);
        drill("orders", newest).add();
        runs.run("verify").of("orders", newest).add();
        assertThat(reasons()).containsExactly("ATTENTION the backup %s was refuted by run %d".formatted(older, by));
        Files.delete(call.store().resolve("sources/orders/backups/" + older + "/manifest"));
        assertThat(reasons()).isEmpty();
    }

    @Test
    void whatCameBackInPartIsSaidToBeThat() {
        String id = backup("orders", 1);
        drill("orders", id).inPart().add();
        assertThat(state(id)).isEqualTo("partly");
        assertThat(reasons())
                .containsExactly("ATTENTION backed up, never proven: no restore has shown that it comes back");
        assertThat(status().at("/lastDrill/partial").asBoolean(false)).isTrue();
    }

    @Test
    void aDrillThatNeverCameToTheDataRefutesNothingAndFailsAllTheSame() {
        String id = backup("orders", 1);
        drill("orders", id).add();
        drill("orders", id).ended(Outcome.FAILED, "DEPENDENCY_UNAVAILABLE").add();
        assertThat(state(id)).isEqualTo("proven");
        assertThat(reasons()).containsExactly("FAILING the last drill FAILED");
    }

    @Test
    void pruneHoldsOnToTheLastProvenBackupAndNotToOneThatWasRefuted() {
        String proven = backup("orders", 4);
        drill("orders", proven).add();
        String refuted = backup("orders", 3);
        drill("orders", refuted).add();
        refuted("orders", refuted).add();
        backup("orders", 2);
        assertThat(fates(30, "prune", "--keep-last", "1", "--dry-run", "--output", "json"))
                .contains(proven + " refuse: the last proven backup", refuted + " delete: no rule keeps it");
    }

    /** Ledger "other" is signed by somebody else, who has proven a newer backup than anybody who is trusted. */
    @Test
    void pruneKeepsWhatALedgerSaysThatNobodyPinned() {
        String trusted = backup("orders", 5);
        drill("orders", trusted).add();
        String between = backup("orders", 4);
        String claimed = backup("orders", 3);
        backup("orders", 2);
        new HandmadeRuns(store, "other", SigningKey.make(), now.minus(HOUR))
                .run("restore-drill")
                .of("orders", claimed)
                .add();
        String[] prune = {"prune", "--keep-last", "1", "--dry-run", "--output", "json"};
        assertThat(fates(30, prune)).as("trusted on first use").contains(claimed + " refuse: the last proven backup");

        call.with("FIREDRILL_EVIDENCE_ROOTS", pinned());
        assertThat(fates(30, prune))
                .contains(
                        trusted + " refuse: the last proven backup",
                        between + " delete: no rule keeps it",
                        claimed
                                + " keep: may be the last proven backup: ledger other says so, and none of evidence-roots signed it");
        assertThat(JsonMapper.shared().readTree(call.out()).at("/uncounted/0").asString())
                .isEqualTo("ledger other: signed by none of evidence-roots");
        assertThat(call.run("prune", "--backup", claimed, "--dry-run")).isEqualTo(30);
        assertThat(call.out()).contains("Not proof   ledger other: signed by none of evidence-roots");

        call.with("FIREDRILL_LEDGER", "other");
        assertThat(call.fail(43, "prune", "--keep-last", "1", "--dry-run").message())
                .contains("signed by none of the keys that evidence-roots names");
    }

    private String pinned() {
        Path file = directory.resolve("pinned.pem");
        try {
            Files.writeString(file, key.publicKey().pem(), StandardCharsets.US_ASCII);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return file.toString();
    }

    /** The broken record was the proof of the third backup; it could as well have been that of the second, but of no later one. */
    @Test
    void pruneKeepsWhatARecordMayHaveProvenThatCannotBeRead() throws IOException {
        String proven = backup("orders", 6);
        drill("orders", proven).add();
        String second = backup("orders", 5);
        String third = backup("orders", 4);
        long broken = drill("orders", third)
                .at(now.minus(Duration.ofDays(3)).minus(HOUR))
                .add();
        runs.run("verify").at(now.minus(Duration.ofDays(3))).add();
        String later = backup("orders", 2);
        String newest = backup("orders", 1);
        Files.writeString(record("default", broken), "x");
        String why = " keep: may be the last proven backup: the record evidence/default/%012d.dsse.json cannot be read"
                .formatted(broken);
        String[] prune = {"prune", "--keep-last", "1", "--dry-run", "--output", "json"};
        assertThat(fates(30, prune))
                .contains(
                        proven + " refuse: the last proven backup",
                        second + why,
                        third + why,
                        later + " delete: no rule keeps it");
        assertThat(reasons()).anyMatch(reason -> reason.startsWith("ATTENTION record %d ".formatted(broken)));

        drill("orders", newest).add();
        assertThat(fates(0, prune))
                .as("what is proven now is newer than anything that the record may speak of")
                .contains(second + " delete: no rule keeps it", third + " delete: no rule keeps it");
        call.with("FIREDRILL_EVIDENCE_KEY", privateKey());
        // It ends at the parts, which nobody stored; what it left out of account was noted before.
        assertThat(call.run("prune", "--keep-last", "1")).isEqualTo(12);
        Path record;
        try (Stream<Path> files = Files.list(call.store().resolve("evidence/default"))) {
            record = files.filter(Files::isRegularFile)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        JsonNode envelope = JsonMapper.shared().readTree(Files.readString(record, StandardCharsets.US_ASCII));
        String stated =
                new String(Base64.getDecoder().decode(envelope.path("payload").asString()), StandardCharsets.UTF_8);
        assertThat(stated)
                .contains(
                        "\"not proof\":\"record evidence/default/%012d.dsse.json: cannot be read\"".formatted(broken));
    }
}
