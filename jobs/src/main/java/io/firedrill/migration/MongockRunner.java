package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.HandedCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Runs one change of a jar, of which Mongock is told only the class, and takes one back, which Mongock itself cannot. */
final class MongockRunner implements ChangeRunner {
    private static final String HOST = "firedrill-mongock-host.jar";
    private static final String CERTIFICATES = "certificates=stdin";

    private final Path jar;
    private final MongockOptions options;
    private final MongockLaunch launch;
    private final RunTools tools;
    private final MongockJar changes;

    MongockRunner(Path jar, MongockOptions options, MongockLaunch launch, RunTools tools, MongockJar changes) {
        this.jar = jar;
        this.options = options;
        this.launch = launch;
        this.tools = tools;
        this.changes = changes;
    }

    /** The jar with our program for the process, beside the Mongock that it is for. */
    static Path hostOf(RunTools tools) {
        Path host = tools.mongock().resolve(HOST).toAbsolutePath();
        if (!Files.isRegularFile(host)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no %s, which runs changes of Mongock's".formatted(host),
                    "It lies beside the application in the folder 'mongock': install or build Firedrill again.");
        }
        return host;
    }

    @Override
    public RunningChange apply(Change change, RunTarget target) {
        return start(change, target, "apply");
    }

    @Override
    public RunningChange revert(Change change, RunTarget target) {
        if (change.rollback() == Rollback.NONE) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the change '%s' has no rollback".formatted(change.id()),
                    "Write it as a @ChangeUnit with a @RollbackExecution; a restore is the way back until then.");
        }
        return start(change, target, "undo");
    }

    private RunningChange start(Change change, RunTarget target, String verb) {
        requireOneOf(change);
        hostOf(tools);
        return ToolRun.inNewFolder(folder -> start(change, target, verb, folder));
    }

    private RunningChange start(Change change, RunTarget target, String verb, Path folder) {
        Confinement confinement = Confinement.of(target, tools.reachable(), folder);
        var order = new ArrayList<>(
                List.of(verb, "class=" + change.where(), "transaction=" + changes.isUndoneInTransaction(change)));
        order.addAll(confinement.order());
        // Java's driver reads no such files: our program in that process does it for it.
        Optional<HandedCertificates> certificates = Deployments.certificates(target.uri(), "source");
        certificates.ifPresent(_ -> order.add(CERTIFICATES));
        RunTarget told = target.by(ProxiedUri.withoutFiles(target.uri()));
        List<String> command = launch.command(change, told, confinement.jvm(), order);
        return new ToolRun(
                        "Mongock's %s of '%s'".formatted(verb, change.id()),
                        command,
                        // Where an application finds the configuration that lies beside it.
                        Objects.requireNonNull(jar.toAbsolutePath().getParent()),
                        launch.environment(told),
                        folder,
                        certificates.map(each -> each::write),
                        this::unstartable)
                .start(target);
    }

    @Override
    public boolean findsItsOwnWay() {
        return launch.findsItsOwnWay();
    }

    private void requireOneOf(Change change) {
        long together = changes.changesIn(change.where());
        if (together != 1) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    together == 0
                            ? "the jar %s has no change '%s'".formatted(jar, change.id())
                            : "the change '%s' is one of %d of %s, which Mongock runs together"
                                    .formatted(change.id(), together, change.where()),
                    "Only a class with one change can be run by itself: a @ChangeUnit of this jar.");
        }
    }

    private Failure unstartable(IOException thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "there is no Java to run %s with: '%s' cannot be started".formatted(jar, tools.java()),
                "Name the bin/java of a Java 17 or later that the jar was built for.",
                thrown);
    }

    @Override
    public Bookkeeping bookkeeping() {
        return new MongockBooks(options);
    }
}
