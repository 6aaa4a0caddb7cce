package com.acme.app;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.mongock.runner.springboot.EnableMongock;
import java.util.concurrent.CountDownLatch;
import org.bson.Document;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

@EnableMongock
@SpringBootApplication
public class Application {
    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    /** As listeners and schedulers have it: a thread that keeps the process for ever. */
    @Bean
    Thread listener() {
        Thread listener = new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException thrown) {
                Thread.currentThread().interrupt();
            }
        });
        listener.start();
        return listener;
    }

    /** As applications have it that do not go by Spring's settings. */
    @Bean
    @ConditionalOnProperty("app.mongo.uri")
    MongoClient ownClient(@Value("${app.mongo.uri}") String uri) {
        return MongoClients.create(uri);
    }

    /**
     * @param audit where each reading of a price is written down; empty where nobody asks for that
     */
    @Bean
    Prices prices(@Value("${app.audit.uri:}") String audit) {
        return new Prices(5, audit);
    }

    /** A bean that a change is given. */
    public static class Prices {
        private final int first;
        private final String audit;

        public Prices() {
            this(0, "");
        }

        Prices(int first, String audit) {
            this.first = first;
            this.audit = audit;
        }

        public int first() {
            if (!audit.isEmpty()) {
                try (MongoClient client = MongoClients.create(audit)) {
                    client.getDatabase("audit").getCollection("readings").insertOne(new Document("first", first));
                }
            }
            return first;
        }
    }
}
