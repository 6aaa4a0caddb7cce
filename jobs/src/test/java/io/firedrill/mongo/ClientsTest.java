package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose credentials were exchanged is let in again, and led nowhere else. No server is asked: a client is made before it is used. */
class ClientsTest {
    private static final String USED = "mongodb://first:pw@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0&tls=true";

    private final AtomicReference<String> uri = new AtomicReference<>(USED);
    private final List<String> made = new ArrayList<>();

    private MongoClient make(String text) {
        if (text.contains("nofile")) {
            throw new Failure(FailureKind.CONFIGURATION_INVALID, "no such certificate", "Mount it.");
        }
        made.add(text);
        return MongoClients.create("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=1");
    }

    private boolean renewedBy(String next) {
        try (var clients = new Clients(uri::get, this::make)) {
            MongoClient used = clients.get();
            uri.set(next);
            boolean renewed = clients.renew(used);
            assertThat(clients.get().equals(used)).isEqualTo(!renewed);
            return renewed;
        }
    }

    @Test
    void anotherUserOfTheSameSetIsTaken() {
        assertThat(renewedBy("mongodb://second:other@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0&tls=true"))
                .isTrue();
        assertThat(made).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                USED,
                "mongodb://first:pw@127.0.0.1:1,127.0.0.1:3/?replicaSet=rs0&tls=true",
                "mongodb://first:new@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs1&tls=true",
                "mongodb://first:new@127.0.0.1:1,127.0.0.1:2/?tls=true",
                "mongodb://first:new@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0",
                "mongodb://first:new@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0&tls=true&tlsAllowInvalidHostnames=true",
                "mongodb://first:new@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0&tls=true&proxyHost=127.0.0.9",
                "mongodb+srv://first:new@db.example.invalid/?replicaSet=rs0",
                "mongodb://first:ne",
                "mongodb://nofile:new@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs0&tls=true",
                "",
            })
    void whatLeadsElsewhereOrLessSafelyOrIsHalfWrittenIsNot(String next) {
        assertThat(renewedBy(next)).isFalse();
        assertThat(made).hasSize(1);
    }

    @Test
    void whereTheServersComeFromDnsNothingIsReadAgain() {
        uri.set("mongodb+srv://first:pw@db.example.invalid/?replicaSet=rs0");
        assertThat(renewedBy("mongodb+srv://first:new@db.example.invalid/?replicaSet=rs0"))
                .isFalse();
    }
}
