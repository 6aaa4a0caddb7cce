package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfinementTest {
    private static final RunTarget RELEASE =
            new RunTarget("mongodb://u:p%40@127.0.0.1:4711/?a=b", "shop", Duration.ofSeconds(1), Map.of());

    @TempDir
    private Path directory;

    @Test
    void aReleaseReachesWhatItAlwaysReaches() {
        assertThat(Confinement.of(RELEASE, List.of("db.example"), directory)).isEqualTo(Confinement.NONE);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aRehearsalReachesItsCopyAndWhatItIsGivenAndKnowsNoOtherName() throws IOException {
        Confinement confinement = Confinement.of(
                RELEASE.confine().by("mongodb://u:p%40@127.0.0.1:4712/?a=b").shield(),
                List.of("127.0.0.2", "::1"),
                directory);
        assertThat(confinement.order())
                .contains("only=127.0.0.1:4712")
                .anyMatch(each ->
                        each.startsWith("reach=") && each.contains("127.0.0.2") && each.contains("[0:0:0:0:0:0:0:1]"))
                .noneMatch(each -> each.contains("p%40"));
        assertThat(confinement.jvm()).containsExactly("-Djdk.net.hosts.file=" + directory.resolve("hosts"));
        assertThat(Files.readAllLines(directory.resolve("hosts")))
                .hasSize(3)
                .contains("127.0.0.2 127.0.0.2")
                .first()
                .asString()
                .startsWith("127.0.0.1 ");
    }

    @Test
    void aHostThatNobodyKnowsIsRefused() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> Confinement.of(RELEASE.confine(), List.of("no such host"), directory));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains("'no such host'");
    }

    @Test
    void whetherAllHostsAreKnownCanBeAskedBeforehand() {
        var known = new RunTools(directory, directory, Optional.empty(), List.of("127.0.0.2", "::1"));
        assertThatCode(known::requireReachable).doesNotThrowAnyException();
        var unknown = new RunTools(directory, directory, Optional.empty(), List.of("127.0.0.2", "no such host"));
        assertThat(catchThrowableOfType(Failure.class, unknown::requireReachable)
                        .kind())
                .isEqualTo(FailureKind.CONFIGURATION_INVALID);
    }

    @Test
    void whatAProcessWasKeptFromIsTold() throws IOException {
        assertThat(Confinement.keptFrom(directory)).isEmpty();
        Files.writeString(directory.resolve("kept-from"), "a:1\nb:2\n");
        var end = new RunEnd(0, Duration.ZERO, "", 0, Confinement.keptFrom(directory));
        assertThat(end.text()).isEqualTo("ended with 0; it was kept from a:1, b:2, which it tried to reach");
    }

    @Test
    void theServersOfAConnectionStringAreToldWithoutItsUser() {
        assertThat(ProxiedUri.places("mongodb://u:p@a:1,b:2/d?x=y")).isEqualTo("a:1,b:2");
        assertThat(ProxiedUri.places("mongodb://a:1")).isEqualTo("a:1");
        assertThat(ProxiedUri.places("mongodb://a:1/?x=y@z")).isEqualTo("a:1");
    }
}
