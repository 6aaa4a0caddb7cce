package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.firedrill.doctor.Check;
import io.firedrill.doctor.Finding;
import io.firedrill.evidence.Clocks;
import io.firedrill.failure.FailureKind;
import io.firedrill.runner.BrokerRights.Right;
import io.firedrill.testing.CertificateAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What the doctor says of a broker and of a job repository that are broken in one way each, on real ones; and where nothing is. */
class DoctorOfWorkersIT {
    @TempDir
    static Path shared;

    private static ArtemisBroker broker;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() throws Exception {
        broker = new ArtemisBroker(shared);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** A drill in a mongod of its own: it needs no server but what is looked at here. */
    @BeforeEach
    void call() throws IOException {
        Files.createDirectories(directory.resolve("store"));
        call = new RealCall(directory)
                .with("FIREDRILL_STAGING_URI", "ephemeral:")
                .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"))
                .with("FIREDRILL_NOTIFY_WEBHOOK", "http://127.0.0.1:1/told")
                .with("FIREDRILL_BROKER_URL", broker.url())
                .with("FIREDRILL_BROKER_USER", ArtemisBroker.USER)
                .with("FIREDRILL_BROKER_PASSWORD", broker.password())
                .with("FIREDRILL_JOB_REPOSITORY_URL", "jdbc:postgresql://127.0.0.1:1/jobs")
                .with("FIREDRILL_JOB_REPOSITORY_USER", "firedrill")
                .with("FIREDRILL_JOB_REPOSITORY_PASSWORD", "none-is-asked");
    }

    private List<JsonNode> examined(int code, String... more) {
        List<JsonNode> checks = DoctorRoom.examined(call, code, more);
        assertThat(call.out() + call.err()).doesNotContain(broker.password());
        return checks;
    }

    /** What is wrong with the broker; that there is no job repository is another matter. */
    private JsonNode ofBroker(int code, Check check) {
        return of("broker", check, examined(code));
    }

    private static JsonNode of(String subject, Check check, List<JsonNode> checks) {
        return DoctorRoom.only(
                checks.stream()
                        .filter(each -> each.path("subject").asString().equals(subject))
                        .toList(),
                "FAIL",
                subject,
                check);
    }

    private void repository() {
        assumeThat(System.getenv("FIREDRILL_TEST_POSTGRES_CA"))
                .as("FIREDRILL_TEST_POSTGRES_CA: a job repository with TLS, and what the doctor says of it")
                .isNotEmpty();
        call.with("FIREDRILL_JOB_REPOSITORY_URL", WorkersRoom.repository())
                .with("FIREDRILL_JOB_REPOSITORY_USER", WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_USER"))
                .with("FIREDRILL_JOB_REPOSITORY_PASSWORD", WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
    }

    private List<String> of(List<JsonNode> checks, String state) {
        return DoctorRoom.in(checks, state).stream()
                .map(each -> each.path("subject").asString() + " "
                        + each.path("check").asString())
                .toList();
    }

    @Test
    void whereNothingIsWrongNothingIsFound() {
        repository();
        List<JsonNode> checks = examined(0, "--strict");
        assertThat(of(checks, "OK"))
                .contains(
                        "broker tls",
                        "broker reachable",
                        "broker queues",
                        "repository tls",
                        "repository reachable",
                        "repository schema")
                .hasSameSizeAs(checks);
        assertThat(broker.messages()).as("left in queues").isZero();
    }

    @Test
    void whatNoRunOfThisKindNeedsIsNotLookedAt() {
        assertThat(DoctorRoom.examined(call, 40, "--for", "prune"))
                .extracting(each -> each.path("subject").asString())
                .contains("repository")
                .doesNotContain("broker");
    }

    @Test
    void aBrokerThatIsNotBelievedIsNamedWithTheReason() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        call.with("FIREDRILL_BROKER_URL", broker.url("localhost", new CertificateAuthority(other).certificate()));
        JsonNode unsigned = ofBroker(40, Check.TLS);
        assertThat(unsigned.path("seen").asString()).contains("nobody whom this machine trusts has signed");
        assertThat(unsigned.path("hint").asString()).contains("trustStorePath");
        call.with("FIREDRILL_BROKER_URL", broker.url("127.0.0.1", shared.resolve("ca.pem")));
        assertThat(ofBroker(40, Check.TLS).path("seen").asString()).contains("is for another host name");
    }

    @Test
    void aBrokerThatIsNotThereOrDeniesUsIsNamed() {
        call.with("FIREDRILL_BROKER_PASSWORD", "not-" + RealCall.SECRET);
        assertThat(ofBroker(41, Check.REACHABLE).path("seen").asString()).contains("refuses us as user 'firedrill'");
        call.with("FIREDRILL_BROKER_URL", broker.url("localhost", directory.resolve("none.crt")));
        assertThat(ofBroker(2, Check.REACHABLE).path("seen").asString()).contains("none.crt");
        call.with("FIREDRILL_BROKER_URL", "tcp://127.0.0.1:1");
        assertThat(ofBroker(40, Check.REACHABLE).path("seen").asString()).contains("does not answer");
    }

    static List<Right> rights() {
        return BrokerRights.all();
    }

    @ParameterizedTest
    @MethodSource("rights")
    void aMissingRightAtTheBrokerIsNamed(Right right) {
        List<Right> fewer = new ArrayList<>(BrokerRights.all());
        fewer.remove(right);
        broker.forget();
        broker.allow(fewer);
        try {
            var asked = new Broker(broker.url(), ArtemisBroker.USER, new Secret(broker.password()));
            Finding found = new BrokerExamination(asked, Clocks.system().wall())
                    .examine()
                    .all()
                    .getLast();
            assertThat(found.check()).as(found.seen()).isEqualTo(Check.QUEUES);
            assertThat(found.kind()).contains(FailureKind.ACCESS_DENIED);
            assertThat(found.seen())
                    .containsIgnoringCase("the right " + right.type().replaceAll("([A-Z])", "_$1") + " on ");
            assertThat(found.hint()).contains("security-settings.xml");
        } finally {
            broker.allow(BrokerRights.all());
        }
    }

    @Test
    void aJobRepositoryThatIsNotBelievedOrNotCheckedIsNamed() {
        repository();
        String url = WorkersRoom.repository();
        String authority = WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_CA");
        call.with(
                "FIREDRILL_JOB_REPOSITORY_URL",
                url.replace(authority, shared.resolve("ca.pem").toString()));
        JsonNode unsigned = of("repository", Check.TLS, examined(40));
        assertThat(unsigned.path("seen").asString()).contains("nobody whom this machine trusts has signed");
        assertThat(unsigned.path("hint").asString()).contains("sslrootcert");
        call.with("FIREDRILL_JOB_REPOSITORY_URL", url.replace("127.0.0.1", "localhost"));
        assertThat(of("repository", Check.TLS, examined(40)).path("seen").asString())
                .contains("is for another host name");
        call.with("FIREDRILL_JOB_REPOSITORY_URL", url.replace(authority, "/none.crt"));
        assertThat(of("repository", Check.REACHABLE, examined(2)).path("seen").asString())
                .contains("/none.crt");
        // Everybody's address, and none that stays on this machine.
        call.with(
                "FIREDRILL_JOB_REPOSITORY_URL",
                url.replace("127.0.0.1", "0.0.0.0").replace("verify-full", "require"));
        assertThat(of("repository", Check.TLS, examined(2)).path("hint").asString())
                .contains("sslmode=verify-full");
    }

    @Test
    void aJobRepositoryThatDeniesUsOrIsNoneIsNamed() {
        repository();
        String url = WorkersRoom.repository();
        call.with("FIREDRILL_JOB_REPOSITORY_PASSWORD", "not-" + RealCall.SECRET);
        assertThat(of("repository", Check.REACHABLE, examined(41)).path("seen").asString())
                .contains("refuses us as user");
        repository();
        call.with("FIREDRILL_JOB_REPOSITORY_URL", url.replaceFirst("/[^/?]*[?]", "/nowhere?"));
        assertThat(of("repository", Check.REACHABLE, examined(2)).path("seen").asString())
                .contains("is no database of that server");
    }

    /** Of a user who may sign in and nothing else, and who is granted one thing after the other. */
    @Test
    void whatAUserMayDoInTheDatabaseIsNamed() throws SQLException, IOException {
        repository();
        String url = WorkersRoom.repository().replaceFirst("/[^/?]*[?]", "/doctored?");
        try (Connection admin = connection(WorkersRoom.repository())) {
            run(admin, "DROP DATABASE IF EXISTS doctored", "DROP ROLE IF EXISTS clerk");
            run(admin, "CREATE ROLE clerk LOGIN PASSWORD '%s'".formatted(RealCall.SECRET), "CREATE DATABASE doctored");
            call.with("FIREDRILL_JOB_REPOSITORY_URL", url)
                    .with("FIREDRILL_JOB_REPOSITORY_USER", "clerk")
                    .with("FIREDRILL_JOB_REPOSITORY_PASSWORD", RealCall.SECRET);
            try (Connection inside = connection(url)) {
                run(inside, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
                assertThat(schema(41)).contains("there is no batch_job_instance", "may not make any");
                run(inside, "GRANT CREATE ON SCHEMA public TO clerk");
                assertThat(examined(0).toString()).contains("9 of 9 tables and sequences are still to be made");
                run(inside, script(), "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO clerk");
                assertThat(schema(41))
                        .contains("may not UPDATE on batch_job_instance", "USAGE on batch_step_execution_seq")
                        .doesNotContain("SELECT");
                run(inside, "GRANT UPDATE ON ALL TABLES IN SCHEMA public TO clerk");
                run(inside, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO clerk");
                assertThat(examined(0).toString()).contains("the tables of Spring Batch are there");
            } finally {
                run(admin, "DROP DATABASE doctored", "DROP ROLE clerk");
            }
        }
    }

    private String schema(int code) {
        return of("repository", Check.SCHEMA, examined(code)).path("seen").asString();
    }

    private static String script() throws IOException {
        try (var script =
                BatchSchema.class.getResourceAsStream("/org/springframework/batch/core/schema-postgresql.sql")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Connection connection(String url) throws SQLException {
        return DriverManager.getConnection(
                url,
                WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_USER"),
                WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        for (String each : statements) {
            try (var statement = connection.createStatement()) {
                statement.execute(each);
            }
        }
    }
}
