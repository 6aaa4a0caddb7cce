package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MongockJarTest {
    private static final String UNIT = """
            import io.mongock.api.annotations.*;
            @ChangeUnit(id = "%s", order = "1", author = "a")
            public class %s { %s }
            """;
    private static final String WHOLE =
            "@Execution public void go() { System.out.println(); } @RollbackExecution public void undo() {}";

    @TempDir
    static Path shared;

    private static Path plain;
    private static Path boot;

    @TempDir
    Path directory;

    @BeforeAll
    static void pack() {
        var sample = new MongockSample(shared);
        plain = sample.plainJar();
        boot = sample.bootJar();
    }

    private static Artefact artefact(Path jar, String... packages) {
        return new MongockJar(
                        jar,
                        new MongockOptions(
                                MongockOptions.CHANGELOG,
                                MongockOptions.LOCK,
                                MongockOptions.DEFAULT_AUTHOR,
                                List.of(packages)))
                .artefact();
    }

    /** Each package by itself, as an application has one. */
    private static Change change(String id) {
        return Stream.of("orders", "traps", "unpadded", "legacy")
                .flatMap(name -> artefact(plain, "com.acme." + name).changes().stream())
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> rules(String id) {
        return change(id).findings().stream()
                .map(finding -> finding.rule().id())
                .collect(Collectors.toSet());
    }

    @Test
    void theChangesStandInTheOrderInWhichMongockRunsThem() {
        assertThat(artefact(plain).changes())
                .extracting(Change::id)
                .containsExactly(
                        "old-first",
                        "old-second",
                        "create-customers",
                        "slow",
                        "add-email-index",
                        "fill-country",
                        "totals",
                        "refresh-statistics",
                        "order-10",
                        "fail-fast-false",
                        "empty-rollback",
                        "ddl-in-transaction",
                        "session-forgotten",
                        "random-value",
                        "shared-stamp",
                        "update-all",
                        "find-then-save",
                        "drop-old",
                        "unique-index",
                        "tighten-validator",
                        "no-author",
                        "same",
                        "same",
                        "starts-program",
                        "executes-program",
                        "order-2",
                        "no-order");
    }

    @Test
    void annotationsAreReadWithTheirDefaults() {
        Change change = change("refresh-statistics");
        assertThat(change.author()).isEqualTo("ada");
        assertThat(change.order()).isEqualTo("005");
        assertThat(change.where()).isEqualTo("com.acme.orders.C005RefreshStatistics");
        assertThat(change.runAlways()).isTrue();
        assertThat(change.transactional()).contains(false);
        assertThat(change.rollback()).isEqualTo(Rollback.PRESENT);
        assertThat(change("totals").transactional()).contains(true);
        assertThat(change("no-author").author()).isEqualTo("default_author");
        assertThat(change("old-first").order()).isEqualTo("000/01");
        assertThat(change("old-first").rollback()).isEqualTo(Rollback.NONE);
    }

    @Test
    void aSpringBootJarHoldsTheSameChangesAndTellsMongocksVersion() {
        Artefact nested = artefact(boot);
        assertThat(nested.changes()).isEqualTo(artefact(plain).changes());
        assertThat(nested.version()).contains("5.5.1");
        assertThat(artefact(plain).version()).isEmpty();
        assertThat(nested.digest()).contains(Fingerprint.of(boot));
    }

    @Test
    void packagesNarrowTheSearchAsMongocksScanPackagesDo() {
        assertThat(artefact(plain, "com.acme.legacy", "com.acme.orders.C004Totals")
                        .changes())
                .extracting(Change::id)
                .containsExactly("old-first", "old-second", "totals");
        Failure failure = failure(() -> artefact(plain, "com.acme.order"));
        assertThat(failure.text()).contains("no class with @ChangeUnit");
    }

    @ParameterizedTest
    @CsvSource({
        "create-customers,",
        "add-email-index,rollback-never-called",
        "fail-fast-false,failfast-false-transactional rollback-never-called",
        "empty-rollback,rollback-empty",
        "ddl-in-transaction,ddl-in-transaction rollback-never-called",
        "session-forgotten,session-not-passed rollback-never-called",
        "random-value,nondeterministic-value",
        "shared-stamp,nondeterministic-value",
        "update-all,unbounded-update",
        "find-then-save,find-then-save",
        "drop-old,drop-without-archive",
        "unique-index,unique-index-unchecked",
        "tighten-validator,validator-unchecked",
        "starts-program,process-started",
        "executes-program,process-started",
        "no-author,author-empty",
        "no-order,order-empty",
        "same,order-duplicate",
        "order-10,order-not-padded",
        "order-2,",
        "old-first,rollback-missing legacy-changelog session-not-passed"
    })
    void eachTrapIsFoundInBytecodeAndNoOther(String id, String expected) {
        assertThat(rules(id)).isEqualTo(expected == null ? Set.of() : Set.of(expected.split(" ")));
    }

    @Test
    void aFindingSaysWhereItWasSeen() {
        assertThat(change("shared-stamp").findings())
                .containsExactly(LintRule.NONDETERMINISTIC_VALUE.finding("new Date() in stamped()"));
        assertThat(change("order-10").findings())
                .containsExactly(LintRule.ORDER_NOT_PADDED.finding(
                        "order \"10\" runs before order \"2\" of com.acme.unpadded.Order2"));
    }

    @Test
    void theHashOfACodeDoesNotChangeWithItsLinesButWithWhatItReaches() throws IOException {
        String shift = hashOf("one", "class Shared { static int n() { return 1; } }", "\n\n\n");
        String base = hashOf("two", "class Shared { static int n() { return 1; } }", "");
        String helper = hashOf("three", "class Shared { static int n() { return 2; } }", "");
        assertThat(shift).isEqualTo(base);
        assertThat(helper).isNotEqualTo(base);
    }

    private String hashOf(String folder, String shared, String lines) throws IOException {
        Path root = Files.createDirectories(directory.resolve(folder));
        Path jar = MongockSample.jarOf(
                root,
                Map.of(
                        "U.java",
                        lines
                                + UNIT.formatted(
                                        "u",
                                        "U",
                                        "@Execution public void go() { Runnable r = () -> System.out.println(Shared.n()); r.run(); }"
                                                + " @RollbackExecution public void undo() {}"),
                        "Shared.java",
                        shared));
        return artefact(jar).changes().getFirst().codeHash().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@RollbackExecution public void undo() {}|U has no public method with @Execution",
                "@Execution public void go() {}|U has no public method with @RollbackExecution",
                "@Execution void go() {} @RollbackExecution public void undo() {}|U has no public method with @Execution",
                "@Execution public void a() {} @Execution public void b() {} @RollbackExecution public void undo() {}|U has 2 public methods with @Execution",
                "@Execution public void a() {} @RollbackExecution public void undo() {} @BeforeExecution public void b() {}|U has no public method with @RollbackBeforeExecution",
                "@Execution public void a() {} @RollbackExecution public void undo() {} @BeforeExecution public void b() {} @BeforeExecution public void c() {}|U has 2 public methods with @BeforeExecution"
            })
    void whatMongockWouldRefuseIsRefusedWithTheClass(String body, String message) {
        Path jar = MongockSample.jarOf(directory, Map.of("U.java", UNIT.formatted("u", "U", body)));
        Failure failure = failure(() -> artefact(jar));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains(message, "made.jar");
        assertThat(failure.hint()).contains("Mongock would refuse");
    }

    @Test
    void theSameIdAndAuthorTwiceIsRefusedAlsoAsTheBeforeOfAnother() {
        Path jar = MongockSample.jarOf(
                directory,
                Map.of(
                        "U.java",
                        UNIT.formatted("u", "U", WHOLE),
                        "V.java",
                        UNIT.formatted("u", "V", WHOLE),
                        "W.java",
                        UNIT.formatted(
                                "w",
                                "W",
                                WHOLE
                                        + "@BeforeExecution public void b() {} @RollbackBeforeExecution public void r() {}"),
                        "X.java",
                        UNIT.formatted("w_before", "X", WHOLE)));
        assertThat(failure(() -> artefact(jar)).text())
                .contains("id 'u' of author 'a' stands twice, the second time in V", "id 'w_before' of author 'a'");
    }

    @Test
    void methodsOfASuperclassCountAndThoseThatAreOverriddenDoNot() {
        Path jar = MongockSample.jarOf(
                directory,
                Map.of(
                        "Base.java",
                        "import io.mongock.api.annotations.*; public abstract class Base {"
                                + " @Execution public void go() { System.out.println(new java.util.Date()); }"
                                + " @RollbackExecution public void undo() { System.out.println(); } }",
                        "U.java",
                        UNIT.formatted("u", "U extends Base", "@RollbackExecution public void undo() {}")));
        Change change = artefact(jar).changes().getFirst();
        assertThat(change.rollback()).isEqualTo(Rollback.EMPTY);
        assertThat(change.findings()).extracting(Finding::rule).contains(LintRule.NONDETERMINISTIC_VALUE);
    }

    @Test
    void aClassOfTheApplicationInACallOfSpringDataIsFound() {
        String template =
                "package org.springframework.data.mongodb.core; public interface MongoTemplate { long count(Class<?> type); }";
        String body =
                "@Execution public void go(org.springframework.data.mongodb.core.MongoTemplate t) { t.count(%s.class); }"
                        + " @RollbackExecution public void undo() { System.out.println(); }";
        Path jar = MongockSample.jarOf(
                directory,
                Map.of(
                        "org/springframework/data/mongodb/core/MongoTemplate.java",
                        template,
                        "Customer.java",
                        "public class Customer {}",
                        "U.java",
                        UNIT.formatted("u", "U", body.formatted("Customer")),
                        "V.java",
                        UNIT.formatted("v", "V", body.formatted("String"))));
        assertThat(artefact(jar).changes().getFirst().findings())
                .contains(LintRule.DOMAIN_CLASS_USED.finding("Customer in go()"));
        assertThat(artefact(jar).changes().getLast().findings())
                .extracting(Finding::rule)
                .doesNotContain(LintRule.DOMAIN_CLASS_USED);
    }

    @Test
    void whatIsNoJarIsNamedWithWhatToGive() throws IOException {
        assertThat(failure(() -> artefact(directory.resolve("no.jar"))).text()).contains("there is no file");
        Path text = Files.writeString(directory.resolve("text.jar"), "this is no zip");
        assertThat(failure(() -> artefact(text)).text()).contains("text.jar is no jar that can be read");
        Path empty = directory.resolve("empty.jar");
        zip(empty, "META-INF/MANIFEST.MF", new byte[0]);
        assertThat(failure(() -> artefact(empty)).text()).contains("holds no class with @ChangeUnit", "0 classes");
    }

    @Test
    void aJarThatUnpacksToMoreThanCanBeMeantIsRefusedBeforeItFillsTheMemory() throws IOException {
        Path bomb = directory.resolve("bomb.jar");
        zip(bomb, "com/acme/Bomb.class", new byte[(16 << 20) + 1]);
        assertThat(failure(() -> artefact(bomb)).text()).contains("unpacks to more than can be meant", "Bomb.class");
        try (Jar jar = Jar.open(plain, 4_096)) {
            assertThat(failure(() -> jar.visit((_, _, _) -> {})).text()).contains("unpacks to more");
        }
    }

    @Test
    void aClassOfAJavaThatIsNotKnownYetIsNamed() throws IOException {
        Path made = MongockSample.jarOf(directory, Map.of("U.java", UNIT.formatted("u", "U", WHOLE)));
        byte[] bytes;
        try (Jar jar = Jar.open(made)) {
            jar.visit((_, _, _) -> {});
            bytes = jar.bytes("U").orElseThrow();
        }
        // The major version of the format.
        bytes[7] = 120;
        Path future = directory.resolve("future.jar");
        zip(future, "U.class", bytes);
        Failure failure = failure(() -> artefact(future));
        assertThat(failure.text()).contains("cannot be read", "120");
        assertThat(failure.hint()).contains("newer");
    }

    private static void zip(Path file, String name, byte[] content) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
    }

    @Test
    void withoutADatabaseThereAreNoStates() {
        var source = new MongockJar(plain, MongockOptions.usual());
        assertThat(failure(() -> source.standing(Optional.empty())).hint()).contains("--offline");
    }

    private static Failure failure(ThrowingCallable work) {
        Failure failure = catchThrowableOfType(Failure.class, work);
        assertThat(failure).isNotNull();
        return failure;
    }
}
