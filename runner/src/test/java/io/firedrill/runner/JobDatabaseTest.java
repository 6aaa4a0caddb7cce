package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.parameters.JobParameters;

/** With H2 alone: WorkersIT has PostgreSQL, and StoppedRunIT another process that has the file open. */
class JobDatabaseTest {
    private static final String LEASE = "backup-orders";

    @TempDir
    Path directory;

    private Settings settings;

    @BeforeEach
    void settings() {
        var given = new GivenSettings(directory);
        given.environment.put("FIREDRILL_STATE_DIR", directory.toString());
        settings = given.read();
    }

    private void storeARun() {
        try (JobDatabase database = JobDatabase.open(settings, LEASE)) {
            database.repository().createJobInstance("backup", new JobParameters());
        }
    }

    private void say(String sql) throws SQLException {
        try (Connection h2 = DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("jobs-" + LEASE))) {
            h2.createStatement().execute(sql);
        }
    }

    @Test
    void whatWasStoredIsThereWhenItIsOpenedAgain() {
        storeARun();
        try (JobDatabase database = JobDatabase.open(settings, LEASE)) {
            assertThat(database.repository().getJobInstance("backup", new JobParameters()))
                    .isNotNull();
        }
    }

    @Test
    void tablesWhoseMakingBrokeOffAreMadeToTheEnd() throws SQLException {
        storeARun();
        say("DROP SEQUENCE BATCH_JOB_INSTANCE_SEQ");
        say("DROP TABLE BATCH_STEP_EXECUTION_CONTEXT");
        say("DELETE FROM BATCH_JOB_INSTANCE");
        storeARun();
        say("SELECT * FROM BATCH_STEP_EXECUTION_CONTEXT");
    }

    @Test
    void aStateDirectoryThatH2WouldReadAsSettingsIsRefused() {
        var given = new GivenSettings(directory);
        given.environment.put(
                "FIREDRILL_STATE_DIR", directory.resolve("a;TRACE_LEVEL_FILE=3").toString());
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> JobDatabase.open(given.read(), LEASE))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID))
                .withMessageContaining("semicolon");
    }
}
