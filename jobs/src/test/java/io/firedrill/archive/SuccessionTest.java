package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuccessionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final DeploymentIdentity A = identity("a");
    private static final DeploymentIdentity B = identity("b");
    private static final DeploymentIdentity C = identity("c");
    private static final String FIRST = "sources/source/successors/000001";

    @TempDir
    private Path directory;

    private ObjectStore store;
    private BackupCatalog catalog;

    @BeforeEach
    void open() {
        store = ObjectStores.open(new StoreSettings(directory.toUri().toString(), Optional.empty(), Optional.empty()));
        catalog = new BackupCatalog(store, "source");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static DeploymentIdentity identity(String id) {
        return new DeploymentIdentity(
                "rs0", id, List.of(id + ":27017"), List.of("process-" + id), "6.0.5", "6.0", Optional.empty());
    }

    @Test
    void whereNothingIsKnownAnybodyMayBeTheSource() {
        catalog.succession().requireCurrent(A);
        assertThat(accept(A)).isEmpty();
        assertThat(catalog.identities()).isEmpty();
    }

    @Test
    void theNewestThatWasAcceptedIsTheSourceAndEverybodyStaysKnown() {
        catalog.remember(A);
        refused(B, FailureKind.CONFIGURATION_INVALID, "(a, now b)");

        assertThat(accept(B)).containsExactly("a");
        assertThat(accept(B)).isEmpty();
        catalog.succession().requireCurrent(B);
        refused(A, FailureKind.CONFIGURATION_INVALID, "(b, now a)");

        assertThat(accept(C)).containsExactly("b");
        assertThat(accept(A)).containsExactly("c");
        catalog.succession().requireCurrent(A);
        assertThat(catalog.identities()).containsExactlyInAnyOrder(A, B, C);
    }

    @Test
    void aStoreThatWasMixedUpIsMendedByAcceptingTheRightOne() {
        catalog.remember(A);
        catalog.remember(B);
        refused(A, FailureKind.CONFIGURATION_INVALID, "(b, now a)");

        assertThat(accept(A)).containsExactly("b");
        catalog.succession().requireCurrent(A);
    }

    @Test
    void ofTwoThatAcceptAtOnceOneFails() {
        catalog.remember(A);
        var raced = new SteppedStore(store, (operation, key) -> {
            if (operation == Operation.CREATE && key.equals(FIRST)) {
                accept(C);
            }
        });
        refused(
                () -> new BackupCatalog(raced, "source").succession().accept(B, "b", "ops", NOW),
                FailureKind.LOCK_LOST,
                FIRST);
        catalog.succession().requireCurrent(C);
    }

    @Test
    void anotherIdThanTheSourcesIsNotAccepted() {
        catalog.remember(A);
        refused(
                () -> catalog.succession().accept(B, "a", "ops", NOW),
                FailureKind.CONFIGURATION_INVALID,
                "accepts the replica set a, and the source is b");
        assertThat(catalog.identities()).containsExactly(A);
    }

    @Test
    void aDamagedAcceptanceIsNamedAndOtherObjectsAreNone() {
        store.create(ObjectKey.of("sources/source/successors/note"), Content.of(new byte[0]));
        catalog.succession().requireCurrent(A);
        store.create(ObjectKey.of(FIRST), Content.of(new byte[3]));
        refused(A, FailureKind.BACKUP_DAMAGED, FIRST);
    }

    private Iterable<String> accept(DeploymentIdentity identity) {
        return catalog.succession().accept(identity, identity.replicaSetId(), "ops", NOW);
    }

    private void refused(DeploymentIdentity identity, FailureKind kind, String why) {
        refused(() -> catalog.succession().requireCurrent(identity), kind, why);
    }

    private static void refused(ThrowingCallable asked, FailureKind kind, String why) {
        assertThatThrownBy(asked)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageContaining(why);
    }
}
