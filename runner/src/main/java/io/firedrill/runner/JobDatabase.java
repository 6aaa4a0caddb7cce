package io.firedrill.runner;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The database that Spring Batch's job repository lies in: the PostgreSQL that the settings name, or an H2 file of its own for
 * each lease: whoever holds the lease is alone with it, and a drill need not wait for a backup.
 *
 * <p>Wired by hand: Spring Boot would do the same, but took longer for it than the repository itself, on the clock of each restore.
 */
final class JobDatabase implements AutoCloseable {
    /** A repository that does not answer is told of within the time that a person waits. */
    private static final long CONNECT_MILLIS = TimeUnit.SECONDS.toMillis(10);

    /** The last thing that Batch's scripts make, in either database; one that broke off is gone through again. */
    private static final String IS_THERE = """
            SELECT COUNT(*) FROM INFORMATION_SCHEMA.SEQUENCES
            WHERE UPPER(SEQUENCE_NAME) = 'BATCH_JOB_INSTANCE_SEQ' AND SEQUENCE_SCHEMA = CURRENT_SCHEMA""";

    private final HikariDataSource connections;
    private final JobRepository repository;

    private JobDatabase(HikariDataSource connections) {
        this.connections = connections;
        this.repository = repository(connections);
    }

    /** Opens it, with its tables made if they are not there. */
    static JobDatabase open(Settings settings, String lease) {
        HikariDataSource connections = null;
        try {
            connections = new HikariDataSource(config(settings, lease));
            makeTables(connections);
            return new JobDatabase(connections);
        } catch (RuntimeException thrown) {
            if (connections != null) {
                connections.close();
            }
            throw RepositoryFaults.of(thrown, settings)
                    .<RuntimeException>map(known -> known)
                    .orElse(thrown);
        }
    }

    private static HikariConfig config(Settings settings, String lease) {
        var config = new HikariConfig();
        config.setConnectionTimeout(CONNECT_MILLIS);
        // A PostgreSQL has a hundred connections, and there may be many workers.
        config.setMaximumPoolSize(settings.lanes() + 2);
        config.setMinimumIdle(1);
        String url = settings.jobRepositoryUrl();
        config.setJdbcUrl(url == null ? embedded(settings, lease) : url);
        config.setUsername(settings.jobRepositoryUser());
        Secret password = settings.jobRepositoryPassword();
        if (password != null) {
            config.setPassword(password.reveal());
        }
        return config;
    }

    /** Without WRITE_DELAY=0 a crash loses the last half second of what the repository was told. */
    private static String embedded(Settings settings, String lease) {
        String file =
                settings.stateDir().resolve("jobs-" + lease).toAbsolutePath().toString();
        if (file.contains(";")) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "state-dir %s has a semicolon in it".formatted(settings.stateDir()),
                    "Choose a directory without one: the embedded database cannot open it.");
        }
        return "jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }

    /** Another process may be making them too: what is there already is no error, and what is missing is found by whoever asks for it. */
    private static void makeTables(HikariDataSource connections) {
        Integer there = new JdbcTemplate(connections).queryForObject(IS_THERE, Integer.class);
        if (Objects.requireNonNull(there) == 0) {
            String platform = connections.getJdbcUrl().startsWith("jdbc:h2:") ? BatchSchema.H2 : BatchSchema.POSTGRESQL;
            var script = new ResourceDatabasePopulator(new ClassPathResource(BatchSchema.script(platform)));
            script.setContinueOnError(true);
            DatabasePopulatorUtils.execute(script, connections);
        }
    }

    private static JobRepository repository(HikariDataSource connections) {
        var factory = new JdbcJobRepositoryFactoryBean();
        factory.setDataSource(connections);
        factory.setTransactionManager(new JdbcTransactionManager(connections));
        try {
            factory.afterPropertiesSet();
            return Objects.requireNonNull(factory.getObject());
        } catch (RuntimeException thrown) {
            throw thrown;
        } catch (Exception thrown) {
            throw new IllegalStateException("Spring Batch's job repository does not start", thrown);
        }
    }

    JobRepository repository() {
        return repository;
    }

    @Override
    public void close() {
        connections.close();
    }
}
