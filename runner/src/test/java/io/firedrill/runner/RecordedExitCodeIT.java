package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a script sees of a run and what an auditor reads of it are the same number. */
class RecordedExitCodeIT {
    @TempDir
    Path directory;

    private MongodServer source;
    private MongodServer staging;
    private Desk desk;

    @BeforeEach
    void aBackup() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));
        }
        desk = new Desk(directory, source, staging);
        desk.json("backup");
    }

    @AfterEach
    void stop() {
        staging.close();
        source.close();
    }

    @Test
    void theProcessEndsWithTheCodeThatItsRecordStates() {
        JsonNode passed = drill(0, "PASSED", "--rto-target", "1h", "--rpo-target", "1h");
        assertThat(passed.at("/rto/met").asBoolean()).isTrue();
        assertThat(passed.at("/rpo/met").asBoolean()).isTrue();
        assertThat(passed.at("/rpo/targetSeconds").asDouble()).isEqualTo(3_600);

        JsonNode slow = drill(10, "WARNED", "--rto-target", "PT0.001S", "--rpo-target", "1h");
        assertThat(slow.at("/rto/met").asBoolean(true)).isFalse();
        assertThat(slow.at("/rpo/met").asBoolean()).isTrue();

        JsonNode old = drill(10, "WARNED", "--rto-target", "1h", "--rpo-target", "PT0.001S");
        assertThat(old.at("/rto/met").asBoolean()).isTrue();
        assertThat(old.at("/rpo/met").asBoolean(true)).isFalse();
        assertThat(old.at("/rpo/actualSeconds").asDouble())
                .isGreaterThan(0.001)
                .isEqualTo(
                        desk.lastRecord().at("/measurement/rpo/actualSeconds").asDouble());
    }

    @Test
    void aRestoreIsJudgedByItsRecoveryPointToo() {
        Desk.Answer old = desk.run("restore", "--confirm", "practice", "--rpo-target", "PT0.001S")
                .ended(10);
        assertThat(old.out()).startsWith("PROVEN").contains("\nRPO ", " of 0.0s allowed: MISSED");
        assertThat(old.err()).contains("the recovery point is as old as ", "exit code 10 (objective missed)");
        assertThat(desk.lastRecord().at("/result/exitCode").asInt()).isEqualTo(10);
    }

    private JsonNode drill(int code, String outcome, String... objectives) {
        String[] arguments = new String[5 + objectives.length];
        System.arraycopy(new String[] {"drill", "--confirm", "practice", "--output", "json"}, 0, arguments, 0, 5);
        System.arraycopy(objectives, 0, arguments, 5, objectives.length);
        Desk.Answer answer = desk.run(arguments).ended(code);
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/result/exitCode").asInt(-1)).isEqualTo(code);
        assertThat(record.at("/result/outcome").asString()).isEqualTo(outcome);
        return answer.json();
    }
}
