package io.firedrill.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestDoctorTest {
    private static final String CLAIM =
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: a\nspec:\n  resources:\n    requests:\n      storage: ";

    private static List<String> rules(String text, String... declaredSecrets) {
        return Rendered.faults(text, declaredSecrets).stream()
                .map(finding -> finding.rule().id())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "1Gi,true",
        "500m,true",
        "1.5,true",
        ".5M,true",
        "1e3,true",
        "100,true",
        "1 Gi,false",
        "1GB,false",
        "much,false",
        "[1],false"
    })
    void aQuantityIsWhatTheServerTakesForOne(String quantity, boolean right) {
        assertThat(rules(CLAIM + quantity)).isEqualTo(right ? List.of() : List.of("wrong-type"));
    }

    @Test
    void aListIsTakenApartAndEmptyDocumentsAreNothing() {
        String list =
                "---\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data: {A: 1}\n";
        Examination examined = Rendered.examined(list);
        assertThat(examined.resources()).isEqualTo(1);
        assertThat(examined.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(ManifestRule.WRONG_TYPE);
            assertThat(finding.document()).isEqualTo(2);
            assertThat(finding.line()).isEqualTo(9);
            assertThat(finding.detail()).isEqualTo("is a number, not text");
            assertThat(finding.object()).isEqualTo("ConfigMap a");
        });
    }

    @Test
    void jsonIsAManifestTooAndADateIsText() {
        assertThat(
                        rules(
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"B\":true}}"))
                .containsExactly("wrong-type");
        assertThat(rules(
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, creationTimestamp: 2026-11-01}\ndata:\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "metadata: [],is a list",
        "metadata: text,is text",
        "data: {A: {B: c}},is a map",
        "data: [a],is a list",
        "immutable: 1.5,is a number",
        "immutable: {},is a map"
    })
    void aWrongTypeIsNamedWithoutItsValue(String field, String found) {
        assertThat(Rendered.faults("apiVersion: v1\nkind: ConfigMap\n" + field))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).startsWith(found + ", not "));
    }

    @Test
    void kindsOfOthersAreCountedAndNotHeldAgainstAModel() {
        Examination examined = Rendered.examined(
                "apiVersion: shop.test/v1\nkind: Basket\nmetadata: {name: a}\nsize: {deep: [1]}\nsize: 2\n");
        assertThat(examined.unmodelled()).containsExactly(Map.entry("shop.test/v1 Basket", 1));
        assertThat(examined.faults()).extracting(ManifestFinding::rule).containsExactly(ManifestRule.DUPLICATE_KEY);
    }

    private static String ingress(String annotations, String spec) {
        return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations: {%s}\nspec:\n%s"
                .formatted(annotations, spec);
    }

    @Test
    void aTlsSecretMayBeDeclaredOrMadeByAnOperator() {
        String spec =
                "  ingressClassName: alb\n  tls: [{hosts: ['*.shop.test'], secretName: web}]\n  rules: [{host: a.shop.test}]\n";
        String bare = ingress("", spec);
        assertThat(rules(bare)).containsExactly("ingress-tls-secret");
        assertThat(rules(bare, "web")).isEmpty();
        assertThat(rules(bare, "default/web")).isEmpty();
        assertThat(rules(bare, "other/web")).containsExactly("ingress-tls-secret");
        assertThat(rules(ingress("cert-manager.io/issuer: ca", spec))).isEmpty();
        for (String maker : List.of(
                "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n",
                "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: web}\n",
                "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: web}\n",
                "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: b}\nspec: {target: {name: web}}\n",
                "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: b}\nspec: {secretName: web}\n")) {
            assertThat(rules(bare + "---\n" + maker)).as(maker).isEmpty();
        }
    }

    @Test
    void anIngressWithoutAClassIsTakenForNginx() {
        assertThat(rules(ingress("", "  tls: [{secretName: web}]\n"), "web"))
                .containsOnly("ingress-timeouts", "ingress-body-size", "ingress-websocket");
        assertThat(rules(ingress("kubernetes.io/ingress.class: traefik", "  tls: [{secretName: web}]\n"), "web"))
                .isEmpty();
    }

    @Test
    void aPodWithNothingSaidIsToldAllOfIt() {
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: b, image: c}]}\n";
        assertThat(rules(pod))
                .contains(
                        "image-tag",
                        "image-digest",
                        "requests-missing",
                        "memory-limit-missing",
                        "run-as-non-root",
                        "seccomp",
                        "capabilities",
                        "privilege-escalation",
                        "read-only-root",
                        "service-account-default",
                        "service-account-token",
                        "default-deny-missing")
                .doesNotContain("probe-missing", "job-ttl");
        assertThat(rules("apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {}\n"))
                .contains("job-ttl", "job-failure-policy", "job-deadline", "job-backoff-limit");
    }

    @Test
    void anAccountMayHaveTheTokenOff() {
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {serviceAccountName: x}\n---\n";
        String account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x}\nautomountServiceAccountToken: ";
        assertThat(rules(pod + account + "false\n")).containsExactly("default-deny-missing");
        assertThat(rules(pod + account + "true\n")).containsExactly("default-deny-missing", "service-account-token");
    }

    @Test
    void aWaiverNeedsAReason() {
        String namespace =
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  annotations:\n    doctor.firedrill.io/pod-security: ";
        assertThat(rules(namespace + "\"\"\n")).containsExactly("pod-security", "waiver-unknown");
        Examination waived = Rendered.examined(namespace + "it holds system pods\n");
        assertThat(waived.faults()).isEmpty();
        assertThat(waived.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.waived()).isEqualTo("it holds system pods"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [|is not valid YAML (document 1, line 1)",
                "a: \u0007b|is not valid YAML",
                "a: 1|holds a document without apiVersion and kind (document 1, line 1)",
                "kind: A|without apiVersion and kind",
                "just text|without apiVersion and kind",
                "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization}|is for kustomize"
            })
    void whatIsNoRenderedManifestIsRefused(String text, String message) {
        assertThatThrownBy(() -> Rendered.examined(text))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("prod.yaml")
                .hasMessageContaining(message)
                .satisfies(
                        thrown -> assertThat(((Failure) thrown).kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID));
    }

    @Test
    void aDirectoryIsReadWithAllThatLiesBelow(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> ManifestSource.of(directory, "there")).hasMessage("there is no manifest in there");
        assertThatThrownBy(() -> ManifestSource.of(directory.resolve("no"), "no"))
                .hasMessage("no cannot be read: NoSuchFileException");
        Files.createDirectory(directory.resolve("b"));
        Files.writeString(directory.resolve("b/c.yml"), "x");
        Files.writeString(directory.resolve("a.json"), "y");
        Files.writeString(directory.resolve("README.md"), "z");
        assertThat(ManifestSource.of(directory, "there"))
                .containsExactly(new ManifestSource("there/a.json", "y"), new ManifestSource("there/b/c.yml", "x"));
    }

    @Test
    void aStreamThatBreaksIsNamed() throws IOException {
        InputStream broken = InputStream.nullInputStream();
        broken.close();
        assertThatThrownBy(() -> ManifestSource.of("-", broken)).hasMessage("- cannot be read: IOException");
    }

    @Test
    void twoFilesAreOneSet() {
        var secret = new ManifestSource("a", "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\n");
        var ingress = new ManifestSource("b", ingress("", "  ingressClassName: alb\n  tls: [{secretName: web}]\n"));
        assertThat(new ManifestDoctor()
                        .examine(List.of(secret, ingress), Set.of())
                        .findings())
                .isEmpty();
    }
}
