package io.firedrill.manifests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What our overlays render to, judged by kubeconform and the schemas that Kubernetes and the makers of the other kinds publish. */
class SchemasTest {
    @SuppressWarnings("unused") // named by the test below
    static final List<String> OVERLAYS = Rendered.OVERLAYS;

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    private record Judged(int code, String text) {}

    @BeforeEach
    void thereIsAKubeconform() {
        String tool = System.getenv("FIREDRILL_TEST_KUBECONFORM");
        assumeTrue(
                tool != null && !tool.isEmpty(),
                "without kubeconform nobody else's schema has been asked (FIREDRILL_TEST_KUBECONFORM)");
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void everyResourceOfAnOverlayIsOfItsKindsSchema(String overlay) throws Exception {
        Judged judged = judged(overlay, Rendered.text(overlay));
        assertThat(judged.code()).as(judged.text()).isZero();
        int resources = Rendered.examined(Rendered.text(overlay)).resources();
        assertThat(judged.text()).contains("Valid: " + resources + ", Invalid: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void soAreTheExamples() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.list(ROOT.resolve("k8s/jobs"))) {
            examples = files.toList();
        }
        assertThat(examples).hasSizeGreaterThan(1);
        for (Path example : examples) {
            Judged judged = judged("example", Files.readString(example));
            assertThat(judged.code()).as(judged.text()).isZero();
        }
    }

    /** Of a kind of Kubernetes' own and of another's: a field nobody knows, a wrong type, one that is missing, a kind nobody knows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                concurrencyPolicy: Forbid     | concurencyPolicy: Forbid       | CronJob            | concurencyPolicy
                activeDeadlineSeconds: 10800  | activeDeadlineSeconds: "10800" | CronJob            | /spec/jobTemplate/spec/activeDeadlineSeconds
                readOnlyRootFilesystem: true  | readOnlyRootFilesystem: 7      | Deployment         | readOnlyRootFilesystem
                action: Ignore                | backoff: Ignore                | CronJob            | missing property 'action'
                policyTypes:                  | policyType:                    | NetworkPolicy      | policyType
                refreshInterval: 1h           | refreshEvery: 1h               | ExternalSecret     | refreshEvery
                privateKey:                   | privatKey:                     | Certificate        | privatKey
                severity: critical            | severity: 1                    | PrometheusRule     | severity
                kind: NetworkPolicy           | kind: NetworkPolice            | NetworkPolice      | could not find schema
                """)
    void aFaultIsFoundWithItsPlace(String right, String wrong, String kind, String place) throws Exception {
        String text = Rendered.text("prod");
        assertThat(text).contains(right);
        Judged judged = judged("planted", text.replaceFirst(right, wrong));
        assertThat(judged.code()).isEqualTo(1);
        assertThat(judged.text())
                .containsPattern("(?s)" + kind + ".*" + place)
                .containsPattern("(Invalid|Errors): 1\\b");
    }

    private Judged judged(String name, String manifests) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), manifests);
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(ROOT.resolve("scripts/kubeconform").toString(), "check", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("kubeconform ends").isTrue();
        return new Judged(process.exitValue(), Files.readString(out, UTF_8));
    }
}
