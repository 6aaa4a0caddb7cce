package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The policies for S3 and KMS: what our code asks for is in them, and nothing else is. A real server says so in PoliciesIT. */
class PoliciesTest {
    static final List<String> PRINCIPALS = PolicyFile.ALL;

    /** What a client is asked for, and the rights that the service holds it against. */
    private static final Map<String, Set<String>> RIGHTS = Map.of(
            "listObjectsV2", Set.of("s3:ListBucket"),
            "getObject", Set.of("s3:GetObject"),
            "getObjectAsBytes", Set.of("s3:GetObject"),
            "headObject", Set.of("s3:GetObject", "s3:GetObjectRetention"),
            "putObject", Set.of("s3:PutObject", "s3:PutObjectRetention"),
            "deleteObject", Set.of("s3:DeleteObject"),
            "getObjectLockConfiguration", Set.of("s3:GetBucketObjectLockConfiguration"),
            "getBucketVersioning", Set.of("s3:GetBucketVersioning"),
            "getBucketLifecycleConfiguration", Set.of("s3:GetLifecycleConfiguration"));

    private static final Map<String, Set<String>> KMS_RIGHTS =
            Map.of("encrypt", Set.of("kms:Encrypt"), "decrypt", Set.of("kms:Decrypt"));

    private static Set<String> called(String client) {
        JavaClasses storage = new ClassFileImporter()
                .withImportOption(place -> !place.contains("test-classes") && !place.contains("-tests.jar"))
                .importPackages("io.firedrill");
        return storage.stream()
                .flatMap(each -> each.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().getName().equals(client))
                .map(JavaMethodCall::getName)
                .filter(name -> !Set.of("close", "builder").contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> granted(String service) {
        return PRINCIPALS.stream()
                .flatMap(each -> PolicyFile.of(each).statements().stream())
                .flatMap(each -> PolicyFile.texts(each, "Action").stream())
                .filter(action -> action.startsWith(service))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> needed(Map<String, Set<String>> rights) {
        return rights.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everythingThatTheCodeAsksS3OrKmsForIsGrantedAndNothingElse() {
        assertThat(called("software.amazon.awssdk.services.s3.S3Client"))
                .as("calls in our code: add what is new here and to the policies")
                .isEqualTo(new TreeSet<>(RIGHTS.keySet()));
        assertThat(called("software.amazon.awssdk.services.kms.KmsClient"))
                .isEqualTo(new TreeSet<>(KMS_RIGHTS.keySet()));
        assertThat(granted("s3:")).isEqualTo(needed(RIGHTS));
        assertThat(granted("kms:")).isEqualTo(needed(KMS_RIGHTS));
    }

    @ParameterizedTest
    @FieldSource("PRINCIPALS")
    void aPolicyNamesEachRightAndEachPlace(String principal) {
        PolicyFile policy = PolicyFile.of(principal);
        assertThat(policy.document().path("Version").asString()).isEqualTo("2012-10-17");
        assertThat(policy.statements()).isNotEmpty().allSatisfy(each -> {
            assertThat(each.path("Effect").asString()).isEqualTo("Allow");
            assertThat(each.path("Sid").asString()).matches("[A-Za-z]+");
            assertThat(PolicyFile.texts(each, "Action"))
                    .isNotEmpty()
                    .allSatisfy(action -> assertThat(action).matches("(s3|kms):[A-Za-z]+"));
            assertThat(PolicyFile.texts(each, "Resource"))
                    .isNotEmpty()
                    .allSatisfy(resource ->
                            assertThat(resource).matches("arn:aws:s3:::BUCKET(/PREFIX/[a-z]+/.*)?|KMS_KEY_ARN"));
            assertThat(each.path("Condition")
                            .path("Bool")
                            .path("aws:SecureTransport")
                            .asString())
                    .as("by TLS alone")
                    .isEqualTo("true");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "backup,  s3:DeleteObject, sources/orders/segments/ab/abc",
        "backup,  s3:DeleteObject, evidence/default/000000000000.dsse.json",
        "restore, s3:PutObject,    sources/orders/backups/x/manifest",
        "restore, s3:DeleteObject, sources/orders/backups/x/manifest",
        "prune,   s3:PutObject,    sources/orders/segments/ab/abc",
        "prune,   s3:DeleteObject, evidence/default/000000000000.dsse.json",
        "prune,   s3:DeleteObject, reports/x.html",
        "auditor, s3:PutObject,    evidence/default/000000000000.dsse.json",
        "auditor, s3:GetObject,    sources/orders/segments/ab/abc",
        "doctor,  s3:DeleteObject, sources/orders/segments/ab/abc"
    })
    void noPrincipalMayDoWhatIsAnothers(String principal, String action, String key) {
        assertThat(PolicyFile.of(principal).allows(action, key)).isFalse();
    }

    /** What a bucket says of itself only ever forbids, and keeps a deleted version no shorter than it is locked. */
    @Test
    void theDocumentsOfABucketForbidAndFitTogether() throws IOException {
        JsonNode policy = bucket("policy");
        assertThat(policy.path("Statement").valueStream()).hasSize(3).allSatisfy(each -> {
            assertThat(each.path("Effect").asString()).isEqualTo("Deny");
            assertThat(each.path("Principal").asString()).isEqualTo("*");
        });
        Set<String> forbiddenToAll = policy.path("Statement")
                .valueStream()
                .filter(each -> each.path("Condition").isMissingNode())
                .flatMap(each -> PolicyFile.texts(each, "Action").stream())
                .collect(Collectors.toSet());
        assertThat(forbiddenToAll).containsExactlyInAnyOrder("s3:DeleteObjectVersion", "s3:BypassGovernanceRetention");
        assertThat(granted("s3:")).as("nothing that our principals may do").doesNotContainAnyElementsOf(forbiddenToAll);
        JsonNode lock = bucket("object-lock");
        assertThat(lock.path("ObjectLockEnabled").asString()).isEqualTo("Enabled");
        int locked = lock.at("/Rule/DefaultRetention/Days").asInt();
        int kept = bucket("lifecycle")
                .at("/Rules/0/NoncurrentVersionExpiration/NoncurrentDays")
                .asInt();
        assertThat(locked).isPositive().isLessThanOrEqualTo(kept);
    }

    private static JsonNode bucket(String name) throws IOException {
        Path file = Documents.ROOT.resolve("docs/policies/bucket/%s.json".formatted(name));
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void everyPolicyIsTested() throws IOException {
        try (Stream<Path> files = Files.list(Documents.ROOT.resolve("docs/policies"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            PRINCIPALS.stream().map(each -> each + ".json").toList());
        }
    }
}
