package io.firedrill.runner;

import io.firedrill.migration.MongockOptions;
import io.firedrill.migration.NodeOptions;
import io.firedrill.migration.ProjectConfig;
import java.util.ArrayList;
import java.util.List;

/** The options that say where migrations are and what they are for, as a person would give them again. */
final class MigrationsFlags {
    private MigrationsFlags() {}

    static List<String> of(MigrationsOf of, String database) {
        List<String> flags =
                switch (of) {
                    case MigrationsOf.Jar jar -> jar(jar);
                    case MigrationsOf.Project project -> project(project.options());
                    case MigrationsOf.Command command ->
                        new ArrayList<>(
                                List.of("--command-list", command.options().command()));
                    case MigrationsOf.AuditLog _ -> new ArrayList<>(List.of("--flamingock"));
                };
        flags.addAll(List.of("--database", database));
        return List.copyOf(flags);
    }

    private static List<String> jar(MigrationsOf.Jar jar) {
        MongockOptions options = jar.options();
        var flags = new ArrayList<>(List.of("--jar", jar.file().toString()));
        unless(MongockOptions.CHANGELOG, options.changelog(), "--changelog", flags);
        unless(MongockOptions.LOCK, options.lockCollection(), "--lock-collection", flags);
        unless(MongockOptions.DEFAULT_AUTHOR, options.defaultAuthor(), "--default-author", flags);
        unless("", String.join(",", options.packages()), "--package", flags);
        return flags;
    }

    private static List<String> project(NodeOptions options) {
        var flags = new ArrayList<>(List.of("--project", options.directory().toString()));
        unless("node", options.node(), "--node", flags);
        options.given().ifPresent(given -> {
            flags.addAll(List.of("--migrations-dir", given.directory()));
            unless(ProjectConfig.EXTENSION, given.extension(), "--extension", flags);
            unless(ProjectConfig.CHANGELOG, given.changelog(), "--changelog", flags);
            given.lockCollection().ifPresent(lock -> unless(ProjectConfig.LOCK, lock, "--lock-collection", flags));
            unless("0", Long.toString(given.lockTtl().orElse(0)), "--lock-ttl", flags);
            if (given.useFileHash()) {
                flags.add("--use-file-hash");
            }
        });
        return flags;
    }

    private static void unless(String usual, String given, String option, List<String> flags) {
        if (!given.equals(usual)) {
            flags.addAll(List.of(option, given));
        }
    }
}
