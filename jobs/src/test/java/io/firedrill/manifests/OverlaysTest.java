package io.firedrill.manifests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we ship in k8s/ keeps our own rules. */
class OverlaysTest {
    @SuppressWarnings("unused") // named by the tests below
    static final List<String> OVERLAYS = Rendered.OVERLAYS;

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void nothingIsWrongWithAnOverlayButWhatIsToBeFilledIn(String overlay) {
        Examination examined = Rendered.examined(Rendered.text(overlay));
        assertThat(examined.resources()).isGreaterThan(10);
        assertThat(Rendered.faults(Rendered.text(overlay))).isEmpty();
        assertThat(examined.faults()).as("placeholders").isNotEmpty();
        assertThat(Rendered.faults(filledIn(overlay))).isEmpty();
        assertThat(Rendered.examined(filledIn(overlay)).faults()).isEmpty();
    }

    private static String filledIn(String overlay) {
        return Rendered.text(overlay)
                .replace("sha256:" + "0".repeat(64), "sha256:" + "1f".repeat(32))
                .replace(":" + "0".repeat(12) + ":", ":111122223333:")
                .replace("example.com", "firedrill.test");
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void whatIsWrittenDownIsWhatKubectlRenders(String overlay, @TempDir Path directory) throws Exception {
        boolean kubectl = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        assumeTrue(kubectl, "without kubectl it stays unchecked that k8s/ renders to what these tests look at");
        assertThat(script(directory, "render", overlay))
                .as("run scripts/k8s record after a change of k8s/")
                .isEqualTo(Rendered.text(overlay));
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void oneCommandListsEveryPlaceholder(String overlay, @TempDir Path directory) throws Exception {
        String listed = script(directory, "placeholders", overlay);
        Set<String> wanted = Rendered.examined(Rendered.text(overlay)).faults().stream()
                .map(finding -> finding.detail().replaceFirst("^holds ", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(wanted)
                .isNotEmpty()
                .allSatisfy(placeholder -> assertThat(listed).contains(placeholder));
        assertThat(listed.lines()).allSatisfy(line -> assertThat(line).matches("k8s/[a-z0-9./-]+:\\d+: .+"));
    }

    @Test
    void anImageIsNeverLeftUnwrittenWithoutAWord(@TempDir Path copy) throws Exception {
        for (String each : new String[] {"scripts/k8s", "scripts/lib.sh", "k8s/overlays/dev/kustomization.yaml"}) {
            Files.createDirectories(copy.resolve(each).getParent());
            Files.copy(ROOT.resolve(each), copy.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path file = copy.resolve("k8s/overlays/dev/kustomization.yaml");
        String before = Files.readString(file);
        String image = "registry.example.net/f@sha256:" + "1f".repeat(32);
        assertThat(image(copy, image)).isEqualTo("0 k8s/overlays/dev/kustomization.yaml runs " + image + "\n");
        assertThat(Files.readString(file))
                .isEqualTo(before.replaceFirst("registry.example.com/firedrill", "registry.example.net/f")
                        .replaceFirst("0{64}", "1f".repeat(32)));
        String withoutDigest = before.replaceFirst(" *digest: .*\n", "");
        for (String broken : new String[] {withoutDigest, before.replace("name: firedrill", "name: other")}) {
            Files.writeString(file, broken);
            assertThat(image(copy, image))
                    .startsWith("1 k8s: nothing was written: ")
                    .contains("Write all three there");
            assertThat(Files.readString(file)).isEqualTo(broken);
        }
    }

    private static String image(Path root, String image) throws Exception {
        Process process = new ProcessBuilder(root.resolve("scripts/k8s").toString(), "image", "dev", image)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue() + " " + said;
    }

    private static String script(Path directory, String... arguments) throws Exception {
        Path out = directory.resolve("out");
        List<String> command = Stream.concat(
                        Stream.of(ROOT.resolve("scripts/k8s").toString()), Arrays.stream(arguments))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
        return Files.readString(out, UTF_8);
    }

    @Test
    void theExampleJobsKeepTheRulesToo() throws IOException {
        List<ManifestSource> examples = ManifestSource.of(ROOT.resolve("k8s/jobs"), "k8s/jobs");
        assertThat(examples).extracting(ManifestSource::name).contains("k8s/jobs/mongo-backup-cronjob.example.yaml");
        for (ManifestSource example : examples) {
            assertThat(Rendered.faults(example.text()))
                    .extracting(ManifestFinding::rule)
                    .as("%s, which comes without its namespace's policies", example.name())
                    .containsOnly(ManifestRule.DEFAULT_DENY_MISSING);
        }
    }

    /** But for the doctor, which has all that the backup has, and whose verdicts are as final. */
    @Test
    void theExampleIsTheBackupOfTheBaseWithTheDoctorBeforeIt() throws IOException {
        String example = withoutComments(Files.readString(ROOT.resolve("k8s/jobs/mongo-backup-cronjob.example.yaml")));
        String backup = part(example, "          containers:\n", "          enableServiceLinks:");
        String doctor = backup.replace("          containers:", "          initContainers:")
                .replace("- backup\n", "- doctor\n            - --for\n            - backup\n")
                .replace("name: firedrill\n            res", "name: doctor\n            res");
        String rule = part(example, "        - action: FailJob", "        - action: FailJob");
        String verdicts = rule.replace("containerName: firedrill", "containerName: doctor");
        assertThat(example).containsOnlyOnce(doctor).containsOnlyOnce(rule + verdicts);
        assertThat(Rendered.text("dev")).contains(example.replace(doctor, "").replace(verdicts, ""));
    }

    /** From the one up to the next of the other. */
    private static String part(String text, String from, String to) {
        int begin = text.indexOf(from);
        return text.substring(begin, text.indexOf(to, begin + 1));
    }

    private static String withoutComments(String text) {
        return text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void everyCronJobHasEveryLineOfTheTable() {
        List<Resource> cronJobs = ManifestReader.read(new ManifestSource("prod", Rendered.text("prod"))).stream()
                .filter(resource -> resource.kind().equals("CronJob"))
                .toList();
        assertThat(cronJobs)
                .extracting(Resource::name)
                .containsExactlyInAnyOrder(
                        "firedrill-backup",
                        "firedrill-drill",
                        "firedrill-metrics",
                        "firedrill-prune",
                        "firedrill-reconcile",
                        "firedrill-rehearsal",
                        "firedrill-restore");
        assertThat(cronJobs).allSatisfy(cronJob -> {
            Field spec = cronJob.spec();
            Field job = cronJob.job().orElseThrow();
            Field pod = cronJob.pod().orElseThrow();
            assertThat(spec.get("timeZone").is("Etc/UTC")).isTrue();
            assertThat(spec.get("startingDeadlineSeconds").number().orElseThrow())
                    .isBetween(1800L, 3600L);
            assertThat(spec.get("successfulJobsHistoryLimit").is("3")).isTrue();
            assertThat(spec.get("failedJobsHistoryLimit").is("5")).isTrue();
            boolean twice = Set.of("firedrill-backup", "firedrill-prune", "firedrill-reconcile")
                    .contains(cronJob.name());
            assertThat(job.get("backoffLimit").is(twice ? "2" : "0")).isTrue();
            assertThat(job.get("ttlSecondsAfterFinished").is("604800")).isTrue();
            assertThat(pod.get("terminationGracePeriodSeconds").is("120")).isTrue();
            assertThat(job.at("template", "metadata", "annotations")
                            .get("cluster-autoscaler.kubernetes.io/safe-to-evict")
                            .is("false"))
                    .isTrue();
            assertThat(pod.get("containers").items().getFirst().at("env").items().stream()
                            .flatMap(variable -> variable.get("value").text().stream()))
                    .contains("-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError");
        });
    }

    /** In production evidence is locked, in the settings that every job reads; the other overlays' buckets need no Object Lock. */
    @Test
    void theComponentObjectLockLocksTheEvidenceOfEveryJobOfProduction() {
        List<Resource> all = ManifestReader.read(new ManifestSource("prod", Rendered.text("prod")));
        assertThat(all)
                .filteredOn(resource ->
                        resource.kind().equals("ConfigMap") && resource.name().equals("firedrill-settings"))
                .singleElement()
                .satisfies(settings -> assertThat(settings.root()
                                .at("data")
                                .get("FIREDRILL_EVIDENCE_LOCK")
                                .is("400d"))
                        .isTrue());
        assertThat(all)
                .filteredOn(resource -> Set.of("CronJob", "Deployment").contains(resource.kind()))
                .filteredOn(resource -> resource.name().startsWith("firedrill-"))
                .hasSizeGreaterThan(5)
                .allSatisfy(job -> assertThat(
                                job
                                        .pod()
                                        .orElseThrow()
                                        .get("containers")
                                        .items()
                                        .getFirst()
                                        .at("envFrom")
                                        .items()
                                        .stream()
                                        .map(from -> from.at("configMapRef")
                                                .get("name")
                                                .text()
                                                .orElse("")))
                        .contains("firedrill-settings"));
        assertThat(Rendered.text("dev") + Rendered.text("staging")).doesNotContain("FIREDRILL_EVIDENCE_LOCK");
    }

    /** Else what a CronJob starts late or never is missed by nobody, or what nobody starts is missed every day. */
    @ParameterizedTest
    @ValueSource(strings = {"dev", "staging", "prod"})
    void theScheduleIsWhatTheCronJobsStart(String overlay) {
        List<Resource> all = ManifestReader.read(new ManifestSource(overlay, Rendered.text(overlay)));
        Map<String, String> kinds = Map.of("backup", "backup", "drill", "restore-drill", "prune", "prune");
        Set<String> started = all.stream()
                .filter(resource -> resource.kind().equals("CronJob"))
                .filter(cronJob -> !cronJob.spec().get("suspend").is("true"))
                // Whoever looks after what did not begin, or measures, is waited for by nobody.
                .filter(cronJob -> !Set.of("firedrill-reconcile", "firedrill-metrics", "firedrill-otlp")
                        .contains(cronJob.name()))
                .map(cronJob -> kinds.get(argument(cronJob)) + " "
                        + cronJob.spec().get("schedule").text().orElseThrow())
                .collect(Collectors.toCollection(TreeSet::new));
        Field settings = all.stream()
                .filter(resource ->
                        resource.kind().equals("ConfigMap") && resource.name().equals("firedrill-settings"))
                .findFirst()
                .orElseThrow()
                .root()
                .get("data");
        assertThat(settings.get("FIREDRILL_SCHEDULE").text().orElse("").split(" *; *", -1))
                .containsExactlyInAnyOrderElementsOf(started);
        assertThat(settings.get("FIREDRILL_SCHEDULE_GRACE").text()).contains("1h");
        assertThat(started).hasSizeGreaterThan(1);
    }

    private static String argument(Resource cronJob) {
        return cronJob.pod()
                .orElseThrow()
                .get("containers")
                .items()
                .getFirst()
                .get("args")
                .texts()
                .getFirst();
    }

    /** A worker without the recipients refuses the units of an encrypted backup, and one without a private key can open none. */
    @Test
    void theWorkersOfAnEncryptedSetUpHaveTheKeysOfWhatTheyDoAndNoOthers() {
        Map<String, Set<String>> mounted = new TreeMap<>();
        ManifestReader.read(new ManifestSource("workers", Rendered.text("workers"))).stream()
                .filter(resource -> Set.of("CronJob", "Deployment").contains(resource.kind()))
                .forEach(resource -> mounted.put(resource.name(), keysOf(resource)));
        assertThat(mounted)
                .hasSize(9)
                .containsEntry("firedrill-worker-backup", Set.of("store-key", "recipients"))
                .containsEntry("firedrill-worker-restore", Set.of("store-key", "private-keys"))
                .containsEntry("firedrill-backup", Set.of("store-key", "recipients", "evidence"))
                .containsEntry("firedrill-drill", Set.of("store-key", "private-keys", "evidence"));
        assertThat(mounted).allSatisfy((name, keys) -> assertThat(keys).as(name).contains("store-key"));
    }

    /** Which keys a pod mounts, each of which its program is told of; where the store key is, all of them are told. */
    private static Set<String> keysOf(Resource resource) {
        Field container = resource.pod().orElseThrow().get("containers").items().getFirst();
        Set<String> keys = container.get("volumeMounts").items().stream()
                .map(mount -> mount.get("name").text().orElseThrow())
                .filter(Set.of("store-key", "recipients", "private-keys", "evidence")::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> told = container.get("env").items().stream()
                .map(variable -> variable.get("name").text().orElseThrow())
                .collect(Collectors.toSet());
        assertThat(told.contains("FIREDRILL_RECIPIENTS")).as(resource.name()).isEqualTo(keys.contains("recipients"));
        assertThat(told.contains("FIREDRILL_PRIVATE_KEYS"))
                .as(resource.name())
                .isEqualTo(keys.contains("private-keys"));
        return keys;
    }

    @Test
    void whatDrillsHasNoRouteToTheSource() {
        List<Resource> policies = ManifestReader.read(new ManifestSource("prod", Rendered.text("prod"))).stream()
                .filter(resource -> resource.kind().equals("NetworkPolicy"))
                .toList();
        List<Resource> toSource = policies.stream()
                .filter(policy -> policy.spec().get("egress").items().stream()
                        .flatMap(rule -> rule.get("to").items().stream())
                        .anyMatch(to -> to.at("namespaceSelector", "matchLabels", "firedrill.io/mongodb")
                                .is("source")))
                .toList();
        assertThat(toSource)
                .singleElement()
                .satisfies(policy -> assertThat(policy.spec()
                                .at("podSelector", "matchExpressions")
                                .items()
                                .getFirst()
                                .get("values")
                                .texts())
                        .containsExactly("backup", "archive"));
    }
}
