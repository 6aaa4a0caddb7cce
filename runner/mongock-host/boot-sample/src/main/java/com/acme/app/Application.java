package com.acme.app;

import io.mongock.runner.springboot.EnableMongock;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
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

    @Bean
    Prices prices() {
        return new Prices(5);
    }

    /** A bean that a change is given. */
    public static class Prices {
        private final int first;

        public Prices() {
            this(0);
        }

        Prices(int first) {
            this.first = first;
        }

        public int first() {
            return first;
        }
    }
}
