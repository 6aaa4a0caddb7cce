package io.firedrill;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module and the doors between them. docs/ARCHITECTURE.md draws this table. */
class RoomsTest {
    private static final String ROOT = "io.firedrill";

    private static final Map<String, Set<String>> DOORS = Map.ofEntries(
            // Floor 0: the vocabulary of going wrong.
            entry("failure", Set.of()),
            // Floor 1: ports to the world, and the record of what happened.
            entry("storage", Set.of("failure")),
            entry("mongo", Set.of("failure")),
            entry("manifests", Set.of("failure")),
            entry("monitoring", Set.of("failure")),
            entry("gate", Set.of("failure", "storage")),
            entry("evidence", Set.of("failure", "storage")),
            // Floor 2: formats and calculations.
            entry("archive", Set.of("failure", "storage", "mongo")),
            entry("verify", Set.of("failure", "mongo", "archive", "evidence")),
            entry("oplog", Set.of("failure", "storage", "mongo", "archive")),
            entry("readiness", Set.of("failure", "storage", "evidence")),
            entry("report", Set.of("evidence")),
            // Floor 3: capabilities. They do not know each other; a job introduces them.
            entry("backup", Set.of("failure", "storage", "mongo", "archive", "oplog")),
            entry("restore", Set.of("failure", "storage", "mongo", "archive")),
            entry("retention", Set.of("failure", "storage", "mongo", "archive")),
            entry("staging", Set.of("failure", "mongo")),
            entry("doctor", Set.of("failure", "storage", "mongo")),
            entry("migration", Set.of("failure", "mongo", "evidence", "verify", "oplog")),
            // Floor 4: Spring Batch.
            entry(
                    "job",
                    Set.of(
                            "failure",
                            "storage",
                            "mongo",
                            "evidence",
                            "archive",
                            "oplog",
                            "verify",
                            "readiness",
                            "backup",
                            "restore",
                            "retention",
                            "staging",
                            "migration",
                            "manifests")));

    private static final Map<String, Set<String>> CLOCKS = Map.of(
            Instant.class.getName(), Set.of("now"),
            LocalDateTime.class.getName(), Set.of("now"),
            InstantSource.class.getName(), Set.of("system"),
            Clock.class.getName(), Set.of("systemUTC", "systemDefaultZone", "system"),
            System.class.getName(), Set.of("currentTimeMillis", "nanoTime"));

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void theDoorsLeadOneWay() {
        var settled = new HashSet<String>();
        while (settled.size() < DOORS.size()) {
            var next = DOORS.keySet().stream()
                    .filter(room -> !settled.contains(room) && settled.containsAll(DOORS.getOrDefault(room, Set.of())))
                    .toList();
            assertThat(next).as("rooms whose doors lead to %s only", settled).isNotEmpty();
            settled.addAll(next);
        }
    }

    @Test
    void everyClassUsesOnlyTheDoorsOfItsRoom() {
        classes().should(useOnlyDeclaredDoors()).check(MAIN);
    }

    @Test
    void springStaysInTheJobRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(MAIN);
    }

    @Test
    void theMongoDriverStaysInTheMongoRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".mongo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.mongodb..")
                .check(MAIN);
    }

    @Test
    void theAwsSdkStaysInTheStorageRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".storage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(MAIN);
    }

    @Test
    void cryptographyOfTinkStaysInTheRoomsOfArchiveAndEvidence() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".archive..", ROOT + ".evidence..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.crypto.tink..")
                .check(MAIN);
    }

    @Test
    void pdfsAreWrittenInTheReportRoomOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".report..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.pdfbox..")
                .check(MAIN);
    }

    @Test
    void classFilesAreReadInTheMigrationRoomOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".migration..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.objectweb.asm..")
                .check(MAIN);
    }

    @Test
    void modelsOfKubernetesStayInTheManifestsRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".manifests..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .check(MAIN);
    }

    @Test
    void micrometerStaysInTheMonitoringRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".monitoring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.opentelemetry..")
                .check(MAIN);
    }

    @Test
    void mailIsSentFromTheMonitoringRoomOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".monitoring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.mail..")
                .check(MAIN);
    }

    @Test
    void timeIsHandedInNeverRead() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".evidence.Clocks")
                .should()
                // Method references count as well, which callMethod would overlook.
                .accessTargetWhere(describe(
                        "reads a clock",
                        access -> CLOCKS.getOrDefault(access.getTargetOwner().getFullName(), Set.of())
                                .contains(access.getName())))
                .because("recovery time is the product, so tests must own the clock")
                .check(MAIN);
    }

    @Test
    void noNameIsABroomCupboard() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(MAIN);
    }

    private static ArchCondition<JavaClass> useOnlyDeclaredDoors() {
        return new ArchCondition<>("use only the doors of their room") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String room = roomOf(type);
                if (!DOORS.containsKey(room)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no declared room"));
                    return;
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String target = roomOf(dependency.getTargetClass());
                    boolean outside = target.isEmpty();
                    boolean allowed = target.equals(room) || DOORS.get(room).contains(target);
                    if (!outside && !allowed) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /** The first package segment under the root; empty for a type that is not ours. */
    private static String roomOf(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName() + ".";
        String prefix = ROOT + ".";
        return name.startsWith(prefix) && name.length() > prefix.length()
                ? name.substring(prefix.length(), name.indexOf('.', prefix.length()))
                : "";
    }
}
