package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.manifests.ManifestRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorManifestsTest {
    private static final String NAMESPACE =
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {pod-security.kubernetes.io/enforce: baseline}\n";
    private static final String WAIVED = NAMESPACE + "  annotations: {doctor.firedrill.io/pod-security: old pods}\n";
    private static final String INGRESS =
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  ingressClassName: alb\n  tls: [{secretName: web}]\n";

    private Call call = new Call(Path.of("."));
    private Path directory = Path.of(".");

    @BeforeEach
    void callFromAnEmptyDirectory(@TempDir Path empty) {
        directory = empty;
        call = new Call(empty);
    }

    @Test
    void findingsAreShownWithTheirPlaceAndEndWithTheirOwnCode() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), NAMESPACE);
        assertThat(call.run("doctor", "manifests", "a.yaml")).isEqualTo(80);
        assertThat(call.out())
                .startsWith("FAULTY  1 finding in 1 resource, 0 waived\n\n")
                .contains(
                        "a.yaml:5: pod-security: Namespace shop, metadata.labels[\"pod-security.kubernetes.io/enforce\"]: is baseline, not restricted\n",
                        "    The namespace does not enforce the Pod Security Standard restricted. Label it",
                        "What each rule is for: docs/MANIFESTS.md\n");
        assertThat(call.err()).contains("error: 1 finding in 1 resource", "exit code 80 (manifests faulty)");
        assertThat(call.operations.context).isNull();
    }

    @Test
    void standardInputAndDirectoriesAreReadAndWaiversCount() throws IOException {
        assertThat(call.typing(WAIVED).run("doctor", "manifests", "-")).isZero();
        assertThat(call.out())
                .startsWith("CLEAN  0 findings in 1 resource, 1 waived\n")
                .contains("waived: old pods");
        Files.createDirectory(directory.resolve("d"));
        Files.writeString(
                directory.resolve("d/a.yaml"), "apiVersion: shop.test/v1\nkind: Basket\nmetadata: {name: a}\n");
        assertThat(call.run("doctor", "manifests", "d")).isZero();
        assertThat(call.out())
                .contains("No model is known of shop.test/v1 Basket (1): their fields were not looked at.")
                .doesNotContain("What each rule");
    }

    @Test
    void aDeclaredSecretIsTakenForPresent() {
        assertThat(call.typing(INGRESS).run("doctor", "manifests", "-")).isEqualTo(80);
        assertThat(call.typing(INGRESS).run("doctor", "manifests", "-", "--declared-secret", "web"))
                .isZero();
    }

    @Test
    void whatIsNoManifestIsAUsageError() {
        assertThat(call.typing("a: [").run("doctor", "manifests", "-")).isEqualTo(2);
        assertThat(call.run("doctor", "manifests")).isEqualTo(2);
        assertThat(call.run("doctor", "manifests", "-", "--output", "junit")).isEqualTo(2);
    }

    @Test
    void programsGetADocument() {
        assertThat(call.typing(NAMESPACE).run("doctor", "manifests", "-", "--output", "json"))
                .isEqualTo(80);
        JsonNode document = JsonMapper.shared().readTree(call.out());
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(document.path("outcome").asString()).isEqualTo("FAULTY");
        JsonNode finding = document.at("/findings/0");
        assertThat(finding.path("rule").asString()).isEqualTo("pod-security");
        assertThat(finding.path("line").asInt()).isEqualTo(5);
        assertThat(finding.path("document").asInt()).isEqualTo(1);
        assertThat(finding.path("file").asString()).isEqualTo("-");
    }

    @Test
    void codeScanningGetsSarif() throws IOException {
        Files.writeString(directory.resolve("a b.yaml"), NAMESPACE + "---\n" + WAIVED.replace("shop", "\"other\\e\""));
        assertThat(call.run("doctor", "manifests", "a b.yaml", "--output", "sarif"))
                .isEqualTo(80);
        JsonNode run = JsonMapper.shared().readTree(call.out()).at("/runs/0");
        assertThat(run.at("/tool/driver/rules")).hasSize(ManifestRule.values().length);
        JsonNode first = run.at("/results/0");
        assertThat(first.path("ruleId").asString()).isEqualTo("pod-security");
        assertThat(first.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asString())
                .isEqualTo("a%20b.yaml");
        assertThat(first.at("/locations/0/physicalLocation/artifactLocation/uriBaseId")
                        .asString())
                .isEqualTo("SRCROOT");
        assertThat(first.at("/locations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(5);
        assertThat(first.path("suppressions").isMissingNode()).isTrue();
        assertThat(run.at("/results/1/message/text").asString()).startsWith("Namespace other\\u{1b}, ");
        assertThat(run.at("/results/1/suppressions/0/justification").asString()).isEqualTo("old pods");
    }

    @Test
    void theDocumentListsExactlyTheRules() throws IOException {
        assertThat(Documents.table("MANIFESTS.md"))
                .isEqualTo(Arrays.stream(ManifestRule.values())
                        .map(rule -> "| `%s` | %s | %s |".formatted(rule.id(), rule.why(), rule.hint()))
                        .toList());
    }

    /** A verdict is final; 40, 130 and 143 are worth another try, as docs/EXIT_CODES.md says. */
    @Test
    void jobsAreNotTriedAgainAfterTheVerdictsOfTheirCommands() throws IOException {
        var session = new Session(call.surroundings(), new CommonOptions());
        Set<Integer> codes = Stream.of(
                        new BackupCommand(session),
                        new DrillCommand(session),
                        new RestoreCommand(session),
                        new PruneCommand(session),
                        new EvidenceReconcileCommand(session),
                        new MigrationsRehearseCommand(session))
                .flatMap(command -> command.exitCodes().stream())
                .filter(code -> !Set.of(ExitCode.OK, ExitCode.UNAVAILABLE, ExitCode.SIGINT, ExitCode.SIGTERM)
                        .contains(code))
                .map(ExitCode::code)
                .collect(Collectors.toCollection(TreeSet::new));
        String listed = codes.stream().map(String::valueOf).collect(Collectors.joining(", ", "values: [", "]"));
        assertThat(k8s().stream()
                        .filter(text -> text.contains("onExitCodes") && text.contains("values: ["))
                        .toList())
                .singleElement()
                .satisfies(text -> assertThat(text).contains(listed));
    }

    @Test
    void everySettingThatManifestsNameIsOne() throws IOException {
        Set<String> known = Setting.all().stream().map(Setting::environment).collect(Collectors.toSet());
        Set<String> named = k8s().stream()
                .flatMap(text -> Pattern.compile("FIREDRILL_[A-Z0-9_]*[A-Z0-9]")
                        .matcher(text)
                        .results())
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).contains("FIREDRILL_STORE", "FIREDRILL_SOURCE_URI_FILE");
        assertThat(named.stream().filter(name -> !name.equals("FIREDRILL_KEEP")))
                .isSubsetOf(known);
    }

    @Test
    void noManifestOfOursTakesASecretFromTheEnvironment() throws IOException {
        Set<String> secrets = Setting.all().stream()
                .filter(Setting::secret)
                .map(setting -> "name: " + setting.environment() + "\n")
                .collect(Collectors.toSet());
        assertThat(k8s()).allSatisfy(text -> assertThat(secrets).noneMatch(text::contains));
    }

    private static List<String> k8s() throws IOException {
        try (Stream<Path> files = Files.walk(Documents.ROOT.resolve("k8s"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(DoctorManifestsTest::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
