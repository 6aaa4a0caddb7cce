package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/** Mongock's changes in an application's jar, by the rules of Mongock 5.5.1. */
public final class MongockJar implements MigrationSource {
    /** Mongock's own system changes are no business of the application. */
    private static final List<String> OWN_PACKAGES = List.of("io/mongock/", "com/github/cloudyrock/", "io/changock/");

    /** What is written although the transaction ends with nothing. */
    private static final Set<LintRule> PAST_TRANSACTION =
            Set.of(LintRule.FAILFAST_FALSE_TRANSACTIONAL, LintRule.DDL_IN_TRANSACTION, LintRule.SESSION_NOT_PASSED);

    /** What is often packed together with an application into one jar. */
    private static final List<String> LIBRARIES = List.of(
            "java/",
            "javax/",
            "jakarta/",
            "kotlin/",
            "com/mongodb/",
            "org/bson/",
            "org/springframework/",
            "org/apache/",
            "org/slf4j/",
            "com/google/",
            "com/fasterxml/",
            "org/reflections/",
            "javassist/",
            "io/mongock/",
            "com/github/cloudyrock/");

    private static final Comparator<ChangeUnit> ORDER = Comparator.comparing(
                    (ChangeUnit unit) -> unit.order().isBlank())
            .thenComparing(unit -> unit.order().isBlank() ? "" : unit.order())
            .thenComparing(unit -> unit.className().replace('$', '.'))
            .thenComparing(ChangeUnit::innerOrder);

    private final Path file;
    private final MongockOptions options;
    private final Set<Change> undoneInTransaction = new HashSet<>();
    private final Set<Change> doneInTransaction = new HashSet<>();
    private @Nullable Artefact read;

    public MongockJar(Path file, MongockOptions options) {
        this.file = file;
        this.options = options;
    }

    /** Read once: what is judged is what was listed, even if the file is replaced meanwhile. */
    @Override
    public Artefact artefact() {
        Artefact known = read;
        if (known == null) {
            known = read();
            read = known;
        }
        return known;
    }

    private Artefact read() {
        try (Jar jar = Jar.open(file)) {
            var marked = new TreeSet<String>();
            jar.visit((name, _, bytes) -> {
                if (OWN_PACKAGES.stream().noneMatch(name::startsWith)
                        && options.scans(name.replace('/', '.'))
                        && isMarked(bytes)) {
                    marked.add(name);
                }
            });
            List<Change> changes = changes(jar, marked);
            return new Artefact(
                    Artefact.MONGOCK,
                    version(jar),
                    file.toString(),
                    digestNow(),
                    changes,
                    List.of(),
                    options.steering());
        }
    }

    /** With the jars that its manifest names, and with what Spring Boot reads beside a jar of its own: all of it is part of what is run. */
    @Override
    public Optional<String> digestNow() {
        String jars = ClassPathJars.digest(file);
        return Optional.of(BootManifest.of(file).isPresent() ? BootSurroundings.digest(file, jars) : jars);
    }

    private static boolean isMarked(byte[] bytes) {
        return CodeGraph.mentions(bytes, ChangeUnitReader.CHANGE_UNIT)
                || CodeGraph.mentions(bytes, ChangeUnitReader.CHANGE_LOG);
    }

    /** Of a Boot jar the nested jar's name tells it; elsewhere nothing does. */
    private static Optional<String> version(Jar jar) {
        return jar.nestedJarOf("io/mongock/api/annotations/ChangeUnit")
                .map(name -> name.replaceFirst(".*/mongock-api-(.*)\\.jar$", "$1"));
    }

    private List<Change> changes(Jar jar, Set<String> marked) {
        var code = new CodeGraph(jar, application(jar, marked));
        var reader = new ChangeUnitReader(code);
        List<ChangeUnit> units = marked.stream()
                .flatMap(name -> code.node(name).stream())
                .filter(node -> !isAbstract(node))
                .flatMap(node -> reader.read(node).stream())
                .sorted(ORDER)
                .toList();
        refuse(reader.refusals(), "Mongock would refuse to start with it");
        if (units.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s holds no class with @ChangeUnit or @ChangeLog among its %d classes"
                            .formatted(file, jar.names().size()),
                    "Give the jar that holds the change units, and with --package only packages that it has.");
        }
        refuse(duplicates(units), "Mongock knows a change by its id and author, and would refuse to start");
        var lint = new BytecodeLint(code);
        var order = new OrderLint(units);
        return units.stream()
                .map(unit -> {
                    Change change = change(unit, code, lint, order);
                    if (lint.undoneInTransaction(unit)) {
                        undoneInTransaction.add(change);
                    }
                    if (isOneTransaction(unit, change)) {
                        doneInTransaction.add(change);
                    }
                    return change;
                })
                .toList();
    }

    /** Nothing comes before its transaction, and nothing that it does goes around it, as far as its bytecode tells. */
    private static boolean isOneTransaction(ChangeUnit unit, Change change) {
        return unit.transactional()
                && unit.before().isEmpty()
                && change.findings().stream().noneMatch(finding -> PAST_TRANSACTION.contains(finding.rule()));
    }

    private static boolean isAbstract(ClassNode node) {
        return (node.access & Opcodes.ACC_ABSTRACT) != 0;
    }

    /** Everything that lies beside a change, and what has the first two names of its package in common with one. */
    private static Predicate<String> application(Jar jar, Set<String> marked) {
        Set<Optional<String>> places = marked.stream().map(jar::nestedJarOf).collect(Collectors.toSet());
        places.add(Optional.empty());
        Set<String> prefixes = marked.stream()
                .filter(name -> name.indexOf('/') > 0)
                .map(MongockJar::firstTwo)
                .collect(Collectors.toSet());
        return name -> prefixes.stream().anyMatch(name::startsWith)
                || (places.contains(jar.nestedJarOf(name)) && LIBRARIES.stream().noneMatch(name::startsWith));
    }

    private static String firstTwo(String name) {
        String[] parts = name.split("/", -1);
        return parts.length > 2 ? parts[0] + "/" + parts[1] + "/" : parts[0] + "/";
    }

    private void refuse(List<String> reasons, String what) {
        if (!reasons.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s in %s"
                            .formatted(
                                    String.join("; ", reasons.stream().limit(10).toList()), file),
                    what + ": mend it and build again.");
        }
    }

    private List<String> duplicates(List<ChangeUnit> units) {
        Set<String> seen = new HashSet<>();
        return units.stream()
                .flatMap(unit -> Stream.of(unit.id(), unit.id() + MongockRows.BEFORE)
                        .filter(id -> id.equals(unit.id()) || unit.before().isPresent())
                        .filter(id -> !seen.add(id.length() + " " + id + " " + author(unit)))
                        .map(id -> "id '%s' of author '%s' stands twice, the second time in %s"
                                .formatted(id, author(unit), unit.className())))
                .toList();
    }

    private String author(ChangeUnit unit) {
        return unit.author().isBlank() ? options.defaultAuthor() : unit.author();
    }

    private Change change(ChangeUnit unit, CodeGraph code, BytecodeLint lint, OrderLint order) {
        Rollback rollback = unit.rollback()
                .map(method -> BytecodeLint.isEmpty(method) ? Rollback.EMPTY : Rollback.PRESENT)
                .orElse(Rollback.NONE);
        return new Change(
                unit.id(),
                author(unit),
                unit.innerOrder().isEmpty() ? unit.order() : unit.order() + "/" + unit.innerOrder(),
                unit.className(),
                unit.runAlways(),
                Optional.of(unit.transactional()),
                rollback,
                Optional.of(code.hash(unit.type().name)),
                Stream.concat(lint.findings(unit).stream(), order.findings(unit).stream())
                        .toList());
    }

    @Override
    public Standing standing(Optional<MigrationDatabase> database) {
        MigrationDatabase rows = MigrationDatabase.required(database);
        List<Change> changes = artefact().changes();
        return new Standing(
                new MongockRows(rows.rows(options.changelog())).judge(changes),
                HeldLock.of(rows, options.lockCollection()));
    }

    @Override
    public ChangeRunner runner(RunTools tools) {
        MongockLaunch launch = BootManifest.of(file)
                .<MongockLaunch>map(boot -> new BootLaunch(file, boot, tools, System.getenv()))
                .orElseGet(() -> new PlainLaunch(file, options, tools));
        return new MongockRunner(file, options, launch, tools, this);
    }

    /** How many changes there are in a class. */
    long changesIn(String className) {
        return artefact().changes().stream()
                .filter(change -> change.where().equals(className))
                .count();
    }

    /** Whether taking it back can be one transaction: the change is transactional, and nothing is defined on the way back. */
    boolean isUndoneInTransaction(Change change) {
        artefact();
        return undoneInTransaction.contains(change);
    }

    /** Only where Mongock is started by us are transactions known to be on. */
    @Override
    public boolean isAllOrNothing(Change change) {
        artefact();
        return doneInTransaction.contains(change) && BootManifest.of(file).isEmpty();
    }
}
