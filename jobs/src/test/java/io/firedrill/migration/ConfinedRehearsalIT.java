package io.firedrill.migration;

import static io.firedrill.migration.SampleRehearsal.change;
import static io.firedrill.migration.SampleRehearsal.failed;
import static io.firedrill.migration.SampleRehearsal.property;
import static io.firedrill.migration.SampleRehearsal.requireProven;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.MongockSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever settings of its own lead an application, or a change, to: in a rehearsal it comes to the copy or to nothing. */
class ConfinedRehearsalIT {
    @TempDir
    private Path directory;

    /** With settings that lie beside the jar, where Spring Boot reads them. */
    private MigrationSource application(String... settings) throws IOException {
        Path folder = Files.createDirectory(directory.resolve("app"));
        Files.write(folder.resolve("application.properties"), List.of(settings));
        return new MongockJar(
                Files.copy(MongockSample.application(), folder.resolve("app.jar")), MongockOptions.usual());
    }

    private static RunTools tools(Optional<String> uriVariable, String... reachable) {
        return new RunTools(MongockSample.shipped(), RunTools.ownJava(), uriVariable, List.of(reachable));
    }

    private RehearsalFacts applied(MigrationSource source, RunTools tools) {
        return SampleRehearsal.rehearsed(
                directory,
                source,
                tools,
                SampleRehearsal.options(false, Duration.ofSeconds(1), Map.of()),
                Rehearsal::apply,
                _ -> {});
    }

    @Test
    void anApplicationWhoseMongockGoesElsewhereIsRefusedBeforeAnythingIsRunAndHasReachedNothing() throws IOException {
        try (var production = Elsewhere.open()) {
            MigrationSource source = application("app.mongo.uri=" + production.uri());

            Failure failure = catchThrowableOfType(Failure.class, () -> applied(source, tools(Optional.empty())));

            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text())
                    .contains("never came to the rehearsal's copy for its lock in 'shop.mongockLock'")
                    .contains("it was kept from " + production.place());
            assertThat(failure.hint()).contains("--app-uri-env", "--app-reach", "--lock-collection");
            assertThat(production.visits()).isZero();
        }
    }

    @Test
    void toldByItsVariableItIsRehearsedAndASecondClientOfAChangeReachesNothing() throws IOException {
        try (var production = Elsewhere.open();
                var audit = Elsewhere.open()) {
            MigrationSource source = application("app.mongo.uri=" + production.uri(), "app.audit.uri=" + audit.uri());

            RehearsalFacts facts = applied(source, tools(Optional.of("APP_MONGO_URI")));

            OfChange first = change(facts, "create-products");
            requireProven(first, List.of(Property.APPLIES, Property.SCOPE));
            assertThat(first.measures().orElseThrow().seconds())
                    .as("the lock that was held back is free: nobody waits for a lease to be over")
                    .isLessThan(50);
            OfChange second = change(facts, "price-products");
            assertThat(failed(second)).containsExactly(Property.APPLIES.name());
            assertThat(property(second, Property.APPLIES).detail()).contains("it was kept from " + audit.place());
            assertThat(production.visits()).isZero();
            assertThat(audit.visits()).isZero();
        }
    }

    @Test
    void aChangeOfAPlainJarReachesWhatItMayAndNothingElse() {
        try (var audit = Elsewhere.open()) {
            var jar = new MongockJar(
                    MongockSample.jarOf(directory.resolve("made"), Map.of("Audits.java", """
                            import com.mongodb.client.*;
                            import io.mongock.api.annotations.*;
                            import org.bson.Document;
                            @ChangeUnit(id = "audits", order = "1", author = "a", transactional = false)
                            public class Audits {
                                @Execution public void go(MongoDatabase database) {
                                    database.getCollection("flags").insertOne(new Document("_id", "audits"));
                                    try {
                                        java.net.InetAddress.getByName("db.example");
                                        throw new IllegalStateException("the name is known");
                                    } catch (java.net.UnknownHostException unknown) {
                                        if (!unknown.getMessage().contains("hosts file")) {
                                            throw new IllegalStateException("somebody else was asked", unknown);
                                        }
                                    }
                                    try (MongoClient client = MongoClients.create("%s")) {
                                        client.getDatabase("audit").getCollection("c").insertOne(new Document());
                                    } catch (com.mongodb.MongoException swallowed) {
                                        database.getName();
                                    }
                                }
                                @RollbackExecution public void undo(MongoDatabase database) { }
                            }
                            """.formatted(audit.uri()))),
                    MongockOptions.usual());

            OfChange kept = change(applied(jar, tools(Optional.empty())), "audits");
            requireProven(kept, List.of(Property.APPLIES));
            assertThat(property(kept, Property.SCOPE).detail()).contains("it was kept from " + audit.place());
            assertThat(audit.visits()).isZero();

            OfChange allowed = change(applied(jar, tools(Optional.empty(), "127.0.0.1")), "audits");
            assertThat(property(allowed, Property.SCOPE).detail()).doesNotContain("kept from");
            assertThat(audit.visits()).isPositive();
        }
    }
}
