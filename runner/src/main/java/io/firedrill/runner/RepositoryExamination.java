package io.firedrill.runner;

import io.firedrill.doctor.Check;
import io.firedrill.doctor.Findings;
import io.firedrill.doctor.TlsCheck;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** Looks at the database of the job repository. It only reads. */
final class RepositoryExamination {
    private static final List<String> RIGHTS = List.of("SELECT", "INSERT", "UPDATE");

    private final Settings settings;
    private final String url;
    private final InstantSource clock;
    private final Findings findings = new Findings("repository");

    /** Of settings that name a database. */
    RepositoryExamination(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.url = Objects.requireNonNull(settings.jobRepositoryUrl());
        this.clock = clock;
    }

    Findings examine() {
        findings.require(
                Check.REACHABLE,
                () -> findings.inside(isBelieved(), List.of(Check.REACHABLE, Check.SCHEMA), this::inside));
        return findings;
    }

    /** Whether there is a connection to be had: what is not encrypted, or believed without a look, works all the same. */
    private boolean isBelieved() {
        var tls = new TlsCheck(clock, findings);
        var transport = new RepositoryTransport(url);
        String remedy =
                "Put sslmode=verify-full into job-repository-url, and sslrootcert=FILE with the authority that signed the database's certificate.";
        if (transport.verified()) {
            return tls.encrypted(
                    transport.hosts(),
                    transport.files(),
                    "sslrootcert in job-repository-url names it",
                    RepositoryTransport::begin);
        }
        if (TlsCheck.areOnThisMachine(transport.hosts())) {
            tls.plain(transport.hosts(), remedy);
        } else {
            tls.unverified(remedy);
        }
        return true;
    }

    private void inside() {
        try (Connection connection = DriverManager.getConnection(url, properties())) {
            connection.setReadOnly(true);
            findings.ok(
                    Check.REACHABLE,
                    "%s as user '%s', PostgreSQL %s"
                            .formatted(
                                    RepositoryFaults.address(url),
                                    connection.getMetaData().getUserName(),
                                    connection.getMetaData().getDatabaseProductVersion()));
            schema(connection);
        } catch (SQLException thrown) {
            throw RepositoryFaults.of(thrown, settings)
                    .orElseGet(() -> new Failure(
                            FailureKind.DEPENDENCY_UNAVAILABLE,
                            "the job repository %s answers with SQL state %s"
                                    .formatted(RepositoryFaults.address(url), thrown.getSQLState()),
                            "Look the state up in PostgreSQL's documentation, and into the server's log.",
                            thrown));
        }
    }

    private Properties properties() {
        var properties = new Properties();
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "20");
        if (settings.jobRepositoryUser() != null) {
            properties.setProperty("user", settings.jobRepositoryUser());
        }
        Secret password = settings.jobRepositoryPassword();
        if (password != null) {
            properties.setProperty("password", password.reveal());
        }
        return properties;
    }

    private void schema(Connection connection) throws SQLException {
        if (is(connection, "pg_is_in_recovery()")) {
            findings.fail(
                    Check.SCHEMA,
                    FailureKind.CONFIGURATION_INVALID,
                    "the server is a standby, which writes nothing",
                    "Name the primary in job-repository-url; of several hosts targetServerType=primary takes it.");
            return;
        }
        List<String> missing = new ArrayList<>();
        List<String> denied = new ArrayList<>();
        for (BatchSchema.Part part : BatchSchema.parts()) {
            if (!is(connection, "to_regclass(?) IS NOT NULL", part.name())) {
                missing.add(part.name());
            } else if (part.isTable()) {
                for (String right : RIGHTS) {
                    if (!is(connection, "has_table_privilege(?, ?)", part.name(), right)) {
                        denied.add("%s on %s".formatted(right, part.name()));
                    }
                }
            } else if (!is(connection, "has_sequence_privilege(?, 'USAGE')", part.name())) {
                denied.add("USAGE on " + part.name());
            }
        }
        boolean mayCreate = is(connection, "COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false)");
        judge(missing, denied, mayCreate);
    }

    private void judge(List<String> missing, List<String> denied, boolean mayCreate) {
        if (!denied.isEmpty()) {
            findings.fail(
                    Check.SCHEMA,
                    FailureKind.ACCESS_DENIED,
                    "the tables are there, and the user may not %s".formatted(String.join(", ", denied)),
                    "Grant it, or let the user own these tables and sequences.");
        } else if (missing.isEmpty()) {
            findings.ok(Check.SCHEMA, "the tables of Spring Batch are there");
        } else if (mayCreate) {
            findings.ok(
                    Check.SCHEMA,
                    "%d of %d tables and sequences are still to be made, by the first run; the user may"
                            .formatted(missing.size(), BatchSchema.parts().size()));
        } else {
            findings.fail(
                    Check.SCHEMA,
                    FailureKind.ACCESS_DENIED,
                    "there is no %s, and the user may not make any".formatted(String.join(", ", missing)),
                    "Grant CREATE on the schema that the user writes to (GRANT CREATE ON SCHEMA public TO …), or make them as an administrator.");
        }
    }

    private static boolean is(Connection connection, String expression, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + expression)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
