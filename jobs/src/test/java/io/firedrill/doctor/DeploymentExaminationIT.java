package io.firedrill.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import io.firedrill.doctor.DeploymentExamination.Wanted;
import io.firedrill.doctor.Finding.State;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MemberSet;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found of real servers; the runner's tests say what the command makes of it. */
class DeploymentExaminationIT {
    private static final String PASSWORD = "swordfish";
    private static final String USER = "firedrillBackup";
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration AGES = Duration.ofDays(90_000);

    private static MongodServer guarded;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        guarded = MongodServer.guardedReplicaSet("orders");
        DocumentedRole.of(USER).make(guarded, PASSWORD);
        DocumentedRole.of("firedrillArchive").make(guarded, PASSWORD);
        try (MongoClient client = guarded.client()) {
            client.getDatabase("admin")
                    .runCommand(new Document("updateUser", USER).append("roles", List.of(USER, "firedrillArchive")));
        }
    }

    @AfterAll
    static void stop() {
        guarded.close();
    }

    private static String uri(String password) {
        return guarded.uri(USER + ":" + password + "@");
    }

    private static List<Finding> found(String uri, InstantSource clock, Role needed, Duration budget) {
        var wanted =
                new Wanted(Set.of(needed), Set.of(), Set.of(Role.BACKUP, Role.ARCHIVE), "", true, Optional.of(budget));
        return new DeploymentExamination("source", uri, clock, wanted).examine().all();
    }

    private static List<Finding> found(String uri) {
        return found(uri, CLOCK, Role.BACKUP, NO_TIME);
    }

    private static List<Check> in(List<Finding> findings, State state) {
        return findings.stream()
                .filter(each -> each.state() == state)
                .map(Finding::check)
                .toList();
    }

    private static Finding of(List<Finding> findings, Check check) {
        return findings.stream()
                .filter(each -> each.check() == check)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void allThatIsWellIsSaidToBeWell() {
        List<Finding> findings = found(uri(PASSWORD));
        assertThat(in(findings, State.OK))
                .containsExactlyInAnyOrder(
                        Check.TLS,
                        Check.REACHABLE,
                        Check.MEMBERS,
                        Check.CLOCK,
                        Check.VERSION,
                        Check.HISTORY,
                        Check.OPLOG,
                        Check.PRIVILEGES,
                        Check.EXCESS);
        assertThat(findings).hasSize(9);
    }

    @Test
    void aPrivilegeThatIsMissingAndAnOplogThatIsTooShortAreNamed() {
        List<Finding> findings = found(uri(PASSWORD), CLOCK, Role.RESTORE, AGES);
        assertThat(in(findings, State.FAIL)).containsExactly(Check.OPLOG, Check.PRIVILEGES);
        assertThat(of(findings, Check.PRIVILEGES).seen()).contains("applyOps");
    }

    @Test
    void whatOnlySomeRunsNeedIsAWarning() {
        var wanted = new Wanted(
                Set.of(Role.BACKUP), Set.of(Role.REPLAY), Set.of(Role.REPLAY), "", true, Optional.of(NO_TIME));
        List<Finding> findings = new DeploymentExamination("source", uri(PASSWORD), CLOCK, wanted)
                .examine()
                .all();
        assertThat(in(findings, State.FAIL)).isEmpty();
        assertThat(findings)
                .filteredOn(each -> each.check() == Check.PRIVILEGES && each.state() == State.WARN)
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.seen()).contains("replay is missing", "applyOps");
                    assertThat(each.hint()).contains("--at", "firedrillReplay");
                });
    }

    @Test
    void aPrimaryThatFreezesAfterItsAnswerIsNotWaitedForForEver() {
        try (var frozen = MongodServer.replicaSet("frozen");
                // Ours is longer; DeploymentsTest says how long.
                Deployment deployment = Deployments.connectToLook(frozen.uri() + "&socketTimeoutMS=5000", "staging")) {
            var ping = new BsonDocument("ping", new BsonInt32(1));
            deployment.run("admin", ping);
            frozen.freeze(true);
            Failure failure = catchThrowableOfType(Failure.class, () -> deployment.run("admin", ping));
            frozen.freeze(false);
            assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
            assertThat(failure.text()).contains("staging", "did not answer in time: ping");
        }
    }

    @Test
    void anotherPasswordNameOrPortIsReportedAndNothingElseIsAsked() {
        for (String wrong : List.of(
                uri("not-" + PASSWORD),
                uri(PASSWORD).replace("replicaSet=orders", "replicaSet=others"),
                "mongodb://127.0.0.1:1/?replicaSet=orders")) {
            List<Finding> findings = found(wrong);
            assertThat(in(findings, State.FAIL)).containsExactly(Check.REACHABLE);
            assertThat(in(findings, State.OK)).containsExactly(Check.TLS);
            assertThat(findings.toString()).doesNotContain(PASSWORD);
        }
        try (var alone = MongodServer.standalone()) {
            assertThat(of(found(alone.uri()), Check.REACHABLE).seen()).contains("is a standalone");
        }
    }

    @Test
    void aClockThatIsOffIsAWarningAtFirstAndThenAFailure() {
        assertThat(in(found(uri(PASSWORD), () -> CLOCK.instant().minusSeconds(10), Role.BACKUP, NO_TIME), State.WARN))
                .containsExactly(Check.CLOCK);
        assertThat(in(found(uri(PASSWORD), () -> CLOCK.instant().plusSeconds(600), Role.BACKUP, NO_TIME), State.FAIL))
                .containsExactly(Check.CLOCK);
    }

    @Test
    void aServerThatAsksNobodyAndForgetsAtOnceIsWarnedOf() {
        try (var open = MongodServer.replicaSet("open");
                MongoClient client = open.client()) {
            history(client, 0);
            List<Finding> findings = found(open.uri());
            assertThat(in(findings, State.FAIL)).containsExactly(Check.HISTORY);
            assertThat(in(findings, State.WARN)).containsExactly(Check.EXCESS);
            history(client, 60);
            assertThat(in(found(open.uri()), State.WARN)).containsExactly(Check.HISTORY, Check.EXCESS);
        }
    }

    private static void history(MongoClient client, int seconds) {
        client.getDatabase("admin")
                .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", seconds));
    }

    @Test
    void aMemberThatIsGoneIsAWarningAndAPrimaryThatIsGoneAFailure() {
        try (var set = new MemberSet("three", 3)) {
            set.member(2).kill();
            Finding members = of(found(set.uri()), Check.MEMBERS);
            assertThat(members.state()).isEqualTo(State.WARN);
            assertThat(members.seen()).contains(set.host(2), "does not answer");
            set.member(0).kill();
            List<Finding> findings = found("mongodb://%s/?replicaSet=three".formatted(set.host(1)));
            assertThat(in(findings, State.FAIL)).containsExactly(Check.MEMBERS);
            assertThat(in(findings, State.SKIPPED)).contains(Check.VERSION, Check.PRIVILEGES);
        }
    }

    @Test
    void whatIsNotEncryptedOrNotVerifiedOverANetworkIsAFailure() {
        // An address that is nobody's, by RFC 5737.
        assertThat(in(
                        found("mongodb://192.0.2.1:27017/?serverSelectionTimeoutMS=500&connectTimeoutMS=500"),
                        State.FAIL))
                .contains(Check.TLS);
        assertThat(of(found(uri(PASSWORD) + "&tls=true&tlsAllowInvalidHostnames=true"), Check.TLS)
                        .hint())
                .contains("tlsAllowInvalidHostnames");
    }

    @Test
    void aCertificateThatEndsSoonHidesNothingAndOneThatIsNotBelievedEndsTheLook() throws Exception {
        SSLContext before = SSLContext.getDefault();
        var authority = new CertificateAuthority(directory);
        Path key = authority.issue("server", "IP:127.0.0.1", 1, 4);
        try (var server = MongodServer.replicaSet("orders", authority.mongod("preferTLS", key))) {
            String both = server.uri().replace("/?", ",127.0.0.1:1/?") + "&tls=true";
            List<Finding> foreign = found(both);
            assertThat(foreign)
                    .anySatisfy(each ->
                            assertThat(each.seen()).contains("127.0.0.1:%d is not believed".formatted(server.port())));
            assertThat(of(foreign, Check.REACHABLE).state()).isEqualTo(State.SKIPPED);
            assertThat(in(foreign, State.SKIPPED))
                    .as("what does not answer is told beside what is not believed")
                    .contains(Check.TLS);

            SSLContext.setDefault(authority.tls("server"));
            List<Finding> soon = found(server.uri() + "&tls=true");
            assertThat(of(soon, Check.TLS).seen()).contains("expires in 2 days");
            assertThat(of(soon, Check.TLS).state()).isEqualTo(State.FAIL);
            assertThat(of(soon, Check.REACHABLE).state()).isEqualTo(State.OK);
            assertThat(of(soon, Check.VERSION).state()).isEqualTo(State.OK);
        } finally {
            SSLContext.setDefault(before);
        }
    }
}
