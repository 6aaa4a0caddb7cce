package io.firedrill.mongock;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.mongock.api.config.MongockConfiguration;
import io.mongock.driver.mongodb.sync.v4.driver.MongoSync4Driver;
import io.mongock.runner.core.executor.dependency.DependencyManager;
import io.mongock.runner.standalone.MongockStandalone;
import java.util.List;

/**
 * Runs one change of a plain jar, which is on the class path, with the Mongock that is beside this class, or takes it back.
 * The connection string is in the environment.
 */
public final class PlainJar {
    private static final String URI = "FIREDRILL_RUN_URI";

    private PlainJar() {}

    public static void main(String[] arguments) {
        var order = new Order(arguments);
        Confinement.asTold(order);
        Ending.after(() -> {
            Certificates.asTold(order);
            run(order);
        });
    }

    private static void run(Order order) throws ReflectiveOperationException {
        MongockConfiguration config = config(order);
        try (MongoClient client = MongoClients.create(System.getenv(URI))) {
            var driver = MongoSync4Driver.withDefaultLock(client, order.value("database"));
            if (!order.undo()) {
                MongockStandalone.builder()
                        .setDriver(driver)
                        .setConfig(config)
                        .buildRunner()
                        .execute();
                return;
            }
            driver.setMigrationRepositoryName(config.getMigrationRepositoryName());
            driver.setLockRepositoryName(config.getLockRepositoryName());
            driver.initialize();
            new Undo(driver, config, new DependencyManager()).run(order);
        }
    }

    private static MongockConfiguration config(Order order) {
        var config = new MongockConfiguration();
        config.setMigrationRepositoryName(order.value("changelog"));
        config.setLockRepositoryName(order.value("lock"));
        config.setDefaultAuthor(order.value("author"));
        config.setMigrationScanPackage(List.of(order.value("class")));
        config.setMetadata(order.stamp());
        config.setTransactional(true);
        return config;
    }
}
