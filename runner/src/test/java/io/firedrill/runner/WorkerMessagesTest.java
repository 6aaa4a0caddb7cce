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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes between a run and its workers, and through which broker. */
class WorkerMessagesTest {
    private static final Task TASK = new Task("load", "000007", 4711);

    @Test
    void aUnitIsReadAsItWasAskedFor() {
        var selection = Selection.of(List.of("shop.*"), List.of("shop.cache"), List.of("shop=copy"));
        Errand errand =
                Errand.restore("run-1", "restore-abc", 9, "orders", "20261129T120000Z-0a1b2c3d", selection, "abc");

        String message = errand.with(TASK);
        assertThat(Errand.task(message)).hasValue(TASK);
        Errand read = Errand.of(message);
        assertThat(read.key()).isEqualTo(errand.key());
        assertThat(read.isRestore()).isTrue();
        assertThat(read.target()).isEqualTo("abc");
        assertThat(read.selection()).hasToString(selection.toString());
        assertThat(read.with(TASK)).isEqualTo(message);
    }

    @Test
    void whatABackupLeavesOutGoesWithItInOneOrder() {
        Errand one = Errand.backup("run-1", "backup-orders", 1, "orders", "b", Set.of("shop.a", "shop.b", "shop.c"));
        Errand other = Errand.backup("run-1", "backup-orders", 1, "orders", "b", List.of("shop.c", "shop.a", "shop.b"));
        assertThat(one).isEqualTo(other);
        assertThat(one.isRestore()).isFalse();
        assertThat(Errand.of(one.with(TASK)).exclude()).containsExactly("shop.a", "shop.b", "shop.c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "{}", "[1]", "{\"step\": 1, \"unit\": \"a\", \"execution\": 3}"})
    void whatIsNoUnitOfOursIsNone(String message) {
        assertThat(Errand.task(message)).isEmpty();
    }

    @Test
    void aRunOfAnotherVersionIsRefusedByName() {
        String message = Errand.backup("run-1", "l", 1, "orders", "b", List.of())
                .with(TASK)
                .replaceFirst("\"version\": \"[^\"]*\"", "\"version\": \"firedrill 0.0.1\"");
        assertThatThrownBy(() -> Errand.of(message))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID))
                .hasMessageContaining("firedrill 0.0.1");
    }

    @Test
    void aFailureArrivesWithItsKindItsWordsItsHintAndTheNameOfTheWorker() {
        var full = new Failure(FailureKind.STORE_FULL, "the store is full", "Make room.");
        Report read = UnitReports.read(UnitReports.write(new Report(4711, "host/1", "", 0, Optional.of(full))));

        var failure = Failure.in(read.failure().orElseThrow()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.STORE_FULL);
        assertThat(failure.text()).isEqualTo("worker host/1: the store is full");
        assertThat(failure.hint()).isEqualTo("Make room.");
    }

    @Test
    void anUnexpectedFailureStaysOne() {
        Report read = UnitReports.read(
                UnitReports.write(new Report(1, "host/1", "", 0, Optional.of(new IllegalStateException("broken")))));
        assertThat(Failure.in(read.failure().orElseThrow())).isEmpty();
        assertThat(read.failure().orElseThrow()).hasMessage("broken");
    }

    @Test
    void aResultArrivesAsItWas() {
        var report = new Report(1, "host/1", "a b 3;\"c\" d 4", 1L << 40, Optional.empty());
        assertThat(UnitReports.read(UnitReports.write(report))).isEqualTo(report);
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

    @ParameterizedTest
    @CsvSource({
        "tcp://broker.example.com:61616, sslEnabled=true",
        "tcp://broker:61616?sslEnabled=false, sslEnabled=true",
        "tcp://broker:61616?note=sslEnabled=true, sslEnabled=true",
        "tcp://127.example.com:61616, sslEnabled=true",
        "tcp://localhost.example.com:61616, sslEnabled=true",
        "tcp://broker:61617?sslEnabled=true&verifyHost=false, certificate",
        "tcp://broker:61617?sslEnabled=true;trustAll=true, certificate",
        "amqp://broker:5672, tcp://host:port",
        "tcp://user:secret@broker:61617?sslEnabled=true, tcp://host:port",
        "'(tcp://a:1,tcp://b:2)', tcp://host:port"
    })
    void anyOtherBrokerIsRefusedWithWhatIsWrong(String url, String why) {
        assertThat(Broker.fault(url).orElse("")).contains(why);
    }
}
