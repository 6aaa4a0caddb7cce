package io.firedrill.runner;

import io.firedrill.doctor.Role;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill doctor roles}. */
@Command(
        name = "roles",
        description = "Print the smallest MongoDB role that a principal needs, ready for mongosh.",
        footer = {
            "  firedrill doctor roles backup | mongosh 'mongodb://admin@db1/admin'",
            "  firedrill doctor roles backup --output json                # the createRole command alone",
            "  firedrill doctor roles migrations-apply --database shop",
            "backup and archive are for the source, restore and replay for staging: never make those two on a source."
        })
final class DoctorRolesCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(
            paramLabel = "PRINCIPAL",
            description = "backup, archive, restore, replay, migrations-list or migrations-apply.")
    private String principal = "";

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "The database of the migrations, for the two roles that are for one.")
    private @Nullable String database;

    DoctorRolesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Role role = Role.of(principal)
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "'%s' is no principal".formatted(principal),
                        "Name one of %s."
                                .formatted(Arrays.stream(Role.values())
                                        .map(Role::id)
                                        .collect(Collectors.joining(", ")))));
        session.print(role, text(role).strip());
        return ExitCode.OK.code();
    }

    private String text(Role role) {
        if (!role.isOfDatabase()) {
            return role.text();
        }
        if (database == null) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the role %s is for one database, and none is named".formatted(role.id()),
                    "Name the one that the migrations are applied to with --database.");
        }
        return role.text(checked(database));
    }

    /** What is no name of a database would be something else in the command. */
    static String checked(String database) {
        try {
            return new Namespace(database, "any").database();
        } catch (IllegalArgumentException _) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' is not the name of a database".formatted(Visible.of(database)),
                    "Name the one that the migrations are applied to with --database.");
        }
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE);
    }
}
