package io.firedrill.migration;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A jar with changes and without Mongock: run by the one that Firedrill ships.
 *
 * @param jar with what its manifest names beside it
 */
record PlainLaunch(Path jar, MongockOptions options, RunTools tools) implements MongockLaunch {
    @Override
    public List<String> command(Change change, RunTarget target, List<String> jvm, List<String> order) {
        var command = new ArrayList<>(List.of(
                tools.java().toString(),
                // Of libraries only what goes wrong; what a change prints is its own.
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                tools.mongock().toAbsolutePath().resolve("*") + File.pathSeparator + jar.toAbsolutePath(),
                "io.firedrill.mongock.PlainJar",
                "database=" + target.database(),
                "changelog=" + options.changelog(),
                "lock=" + options.lockCollection(),
                "author=" + options.defaultAuthor()));
        target.stamp().forEach((name, value) -> command.add("stamp.%s=%s".formatted(name, value)));
        command.addAll(1, jvm);
        command.addAll(order);
        return command;
    }

    @Override
    public boolean findsItsOwnWay() {
        return false;
    }

    @Override
    public Map<String, String> environment(RunTarget target) {
        return Map.of(ToolRun.URI, target.uri());
    }
}
