package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.Selection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import io.firedrill.job.UnitWorker;
import io.firedrill.runner.BrokerRights.Right;
import io.firedrill.testing.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;

/** A real broker with TLS and users: what is said of one that is not ours, and what our user there needs. */
class BrokerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path directory;

    private static ArtemisBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = new ArtemisBroker(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static BrokerLink link(String url, String password) {
        // A store of its own, so that its queue is there for the first time.
        return new BrokerLink(
                new Broker(url, ArtemisBroker.USER, new Secret(password)),
                UUID.randomUUID().toString());
    }

    private static Failure refused(String url, String password) {
        return refused(() -> {
            try (var _ = link(url, password)) {
                return "was let in";
            }
        });
    }

    private static Failure refused(Supplier<String> work) {
        Failure failure = catchThrowableOfType(Failure.class, work::get);
        assertThat(failure).as("refused").isNotNull();
        assertThat(failure.text() + failure.hint()).doesNotContain(broker.password());
        assertThat(failure.hint()).matches("[A-Z].*[.]");
        return failure;
    }

    @Test
    void aBrokerThatAnotherAuthoritySignedForIsNotBelieved() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));
        Failure failure =
                refused(broker.url("localhost", new CertificateAuthority(other).certificate()), broker.password());
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text())
                .startsWith("the broker tcp://localhost:%d is not believed: ".formatted(broker.port()))
                .endsWith("nobody whom this machine trusts has signed its certificate");
        assertThat(failure.hint()).contains("trustStorePath");
    }

    @Test
    void aBrokerOfAnotherHostNameIsNotBelieved() {
        Path ca = directory.resolve("ca.pem");
        Failure failure = refused(broker.url("127.0.0.1", ca), broker.password());
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).endsWith("its certificate is for another host name");
    }

    @Test
    void aWrongPasswordIsDeniedAndNeverRepeated() {
        Failure failure = refused(broker.url(), "wrong-" + broker.password());
        assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        assertThat(failure.text()).endsWith("refuses us as user 'firedrill'");
        assertThat(failure.hint()).contains("broker-password");
    }

    @Test
    void aTrustStoreThatIsNotThereOrHoldsNothingIsAFaultOfTheSettings() throws Exception {
        for (Path wrong : List.of(directory.resolve("none.crt"), Files.writeString(directory.resolve("empty"), "-"))) {
            Failure failure = refused(broker.url("localhost", wrong), broker.password());
            assertThat(failure.kind()).as(failure.text()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("TLS cannot begin", wrong.toString());
        }
    }

    @Test
    void withoutTlsItDoesNotAnswer() {
        Failure failure = refused("tcp://127.0.0.1:" + broker.port() + "?callTimeout=2000", broker.password());
        assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        assertThat(failure.text()).contains("does not answer as it should");
    }

    /** What -Djavax.net.ssl.trustStore says is for other servers. */
    @Test
    void theTrustStoreOfTheAddressGoesBeforeThatOfTheJvm() {
        String before = System.setProperty(
                "javax.net.ssl.trustStore", directory.resolve("none.p12").toString());
        try {
            exchange(link(broker.url(), broker.password()));
        } finally {
            if (before == null) {
                System.clearProperty("javax.net.ssl.trustStore");
            } else {
                System.setProperty("javax.net.ssl.trustStore", before);
            }
        }
    }

    static List<Right> rights() {
        return BrokerRights.all();
    }

    @ParameterizedTest
    @MethodSource("rights")
    void eachRightOfTheUserIsNeeded(Right right) {
        List<Right> fewer = new ArrayList<>(BrokerRights.all());
        fewer.remove(right);
        broker.allow(fewer);
        try {
            Failure failure = refused(() -> exchange(link(broker.url(), broker.password())));
            assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
        } finally {
            broker.allow(BrokerRights.all());
        }
    }

    /** A unit goes to a worker, and its report comes back: nobody knows the run, so it failed. */
    private static String exchange(BrokerLink link) {
        var run = new Errand.RunOf("run-1", "the-lease", 9, "orders");
        Errand errand = Errand.restore(run, "20261129T120000Z-0a1b2c3d", Selection.EVERYTHING, "abc");
        var task = new Task("load", "000007", 4711);
        var tally = new WorkerTally();
        try (link;
                var dispatch = new BrokerDispatch(link, errand);
                var pulse = new WorkerPulse(link, "host/1");
                var runs = new WorkerRun.Open(_ -> {
                    throw new Failure(FailureKind.STORE_FULL, "the store is full", "Make room.");
                })) {
            dispatch.send(task);
            var worker = new UnitWorker(new ResourcelessJobRepository(), "host/1");
            new WorkerLane(link, runs, worker, pulse, tally, _ -> {})
                    .work(
                            List.of(link.queue(Errand.RESTORE, "abc")),
                            () -> tally.result("host/1", 0).units() > 0);
            Report report = dispatch.next(PATIENCE).orElseThrow();
            assertThat(report.execution()).isEqualTo(task.execution());
            return Objects.requireNonNull(report.failure().orElseThrow().getMessage());
        }
    }
}
