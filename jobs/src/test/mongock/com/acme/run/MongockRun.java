package com.acme.run;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.mongock.driver.mongodb.sync.v4.driver.MongoSync4Driver;
import io.mongock.runner.standalone.MongockStandalone;
import java.util.List;

/** Runs the real Mongock. MONGO_URI is the connection string; arguments: database, lease in seconds, then packages or classes to scan. */
public final class MongockRun {
    private MongockRun() {}

    public static void main(String[] arguments) {
        try (MongoClient client = MongoClients.create(System.getenv("MONGO_URI"))) {
            long lease = Long.parseLong(arguments[1]) * 1_000;
            MongockStandalone.builder()
                    .setDriver(MongoSync4Driver.withLockStrategy(client, arguments[0], lease, 3_000, 500))
                    .addMigrationScanPackages(List.of(arguments).subList(2, arguments.length))
                    .setTransactional(true)
                    .buildRunner()
                    .execute();
        }
    }
}
