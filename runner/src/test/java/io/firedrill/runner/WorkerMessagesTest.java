package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.archive.Selection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.Dispatch.Report;
import io.firedrill.job.Dispatch.Task;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes between a run and its workers, and through which broker. */
class WorkerMessagesTest {
    private static final Task TASK = new Task("load", "000007", 4711);

    private static final Errand.RunOf RUN = new Errand.RunOf("run-1", "the-lease", 9, "orders");

    private static Errand backup(Set<String> exclude) {
        return Errand.backup(RUN, "b", new TreeSet<>(exclude), new TreeSet<>(List.of("print")), "abc");
    }

    @Test
    void aUnitIsReadAsItWasAskedFor() {
        var selection = Selection.of(List.of("shop.*"), List.of("shop.cache"), List.of("shop=copy"));
        Errand errand = Errand.restore(RUN, "20261129T120000Z-0a1b2c3d", selection, "abc");

        String message = errand.with(TASK);
        assertThat(Errand.task(message)).hasValue(TASK);
        Errand read = Errand.of(message);
        assertThat(read.key()).isEqualTo(errand.key());
        assertThat(read.isRestore()).isTrue();
        assertThat(read.instance()).isEqualTo("run-1");
        assertThat(read.replicaSet()).isEqualTo("abc");
        assertThat(read.selection()).hasToString(selection.toString());
        assertThat(read.with(TASK)).isEqualTo(message);
    }

    @Test
    void whatABackupLeavesOutAndForWhomItIsEncryptedGoesWithIt() {
        Errand read = Errand.of(backup(Set.of("shop.b", "shop.a")).with(TASK));
        assertThat(read.with(TASK)).isEqualTo(backup(Set.of("shop.a", "shop.b")).with(TASK));
        assertThat(read.isRestore()).isFalse();
        assertThat(read.instance()).isEqualTo("b");
        assertThat(read.exclude()).containsExactly("shop.a", "shop.b");
        assertThat(read.recipients()).containsExactly("print");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{}", "[1]", "{\"step\": 1, \"unit\": \"a\", \"execution\": 3}"})
    void whatIsNoUnitOfOursIsNone(String message) {
        assertThat(Errand.task(message)).isEmpty();
    }

    @Test
    void aRunOfAnotherVersionIsRefusedByName() {
        String message =
                backup(Set.of()).with(TASK).replaceFirst("\"version\": \"[^\"]*\"", "\"version\": \"firedrill 0.0.1\"");
        assertThatThrownBy(() -> Errand.of(message))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID))
                .hasMessageContaining("firedrill 0.0.1");
    }

    @Test
    void aFailureArrivesWithItsKindItsWordsItsHintAndTheNameOfTheWorker() {
        var full = new Failure(FailureKind.STORE_FULL, "the store is full", "Make room.");
        Report read = UnitReports.read(UnitReports.write(Report.failed(4711, "host/1", full)));

        var failure = Failure.in(read.failure().orElseThrow()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.STORE_FULL);
        assertThat(failure.text()).isEqualTo("worker host/1: the store is full");
        assertThat(failure.hint()).isEqualTo("Make room.");
    }

    @Test
    void anUnexpectedFailureStaysOne() {
        Report read =
                UnitReports.read(UnitReports.write(Report.failed(1, "host/1", new IllegalStateException("broken"))));
        assertThat(Failure.in(read.failure().orElseThrow())).isEmpty();
        assertThat(read.failure().orElseThrow()).hasMessage("broken");
    }

    @Test
    void aResultArrivesAsItWas() {
        var report = new Report(1, "host/1", true, "a b 3;\"c\" d 4", 1L << 40, Optional.empty());
        assertThat(UnitReports.read(UnitReports.write(report))).isEqualTo(report);
        Report working = Report.working(1, "host/1");
        assertThat(UnitReports.read(UnitReports.write(working))).isEqualTo(working);
        assertThat(working.ended()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://127.0.0.1:61616",
                "tcp://localhost:61616?connectionTTL=30000",
                "tcp://[::1]:61616",
                "tcp://broker.example.com:61617?sslEnabled=true",
                "tcp://broker:61617?connectionTTL=1&sslEnabled=true;trustStoreType=PEM"
            })
    void aBrokerOnThisMachineOrWithTlsIsTaken(String url) {
        assertThat(Broker.fault(url)).isEmpty();
    }

    @Test
    void howLongAConnectionMayBeSilentTheAddressMaySay() {
        try (var usual = new BrokerTransport("tcp://127.0.0.1:61616");
                var shorter = new BrokerTransport("tcp://127.0.0.1:61616?callTimeout=1000&connectionTTL=6000")) {
            assertThat(usual.factory().getConnectionTTL()).isEqualTo(30_000);
            assertThat(shorter.factory().getConnectionTTL()).isEqualTo(6_000);
            assertThat(shorter.factory().getClientFailureCheckPeriod()).isEqualTo(2_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://broker.example.com:61616, sslEnabled=true",
        "tcp://broker:61616?sslEnabled=false, sslEnabled=true",
        "tcp://broker:61616?trustStorePath=sslEnabled=true, sslEnabled=true",
        "tcp://127.example.com:61616, sslEnabled=true",
        "tcp://localhost.example.com:61616, sslEnabled=true",
        "tcp://broker:61617?sslEnabled=true&verifyHost=false, verifyHost",
        "tcp://broker:61617?sslEnabled=true;trustAll=TRUE, trustAll",
        "tcp://broker:61617?sslEnabled=true&sslEnabled=false, have it once",
        "tcp://broker:61617?sslEnabled=true&reconnectAttempts=-1, reconnectAttempts",
        "tcp://broker:61617?sslEnabled=true&trust%41ll=true, plain",
        "tcp://broker:61617?sslEnabled=true&x=1?y=2, plain",
        "tcp://localhost:1?connectionTTL=1#tcp://far:61616, plain",
        "tcp://broker:61617?sslEnabled=true&trustStorePassword=canary, trustStorePassword",
        "amqp://broker:5672, tcp://host:port",
        "tcp://user:secret@broker:61617?sslEnabled=true, tcp://host:port",
        "'(tcp://a:1,tcp://b:2)', tcp://host:port"
    })
    void anyOtherBrokerIsRefusedWithWhatIsWrong(String url, String why) {
        assertThat(Broker.fault(url).orElse("")).contains(why).doesNotContain("canary");
    }
}
