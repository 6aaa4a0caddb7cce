package io.firedrill.runner;

import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Recipient;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerWriter;
import io.firedrill.evidence.SigningKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.storage.Leases;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreProbe;
import io.firedrill.storage.StoreSettings;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What every command works on: the store, the ledger and the leases in it, and the deployments. */
final class Workspace implements AutoCloseable {
    private final Settings settings;
    private final Clocks clocks;
    private final ArchiveKeys keys;
    private final Optional<ObjectStore> witness;
    private @Nullable ObjectStore opened;

    Workspace(Settings settings, Clocks clocks) {
        this.settings = settings;
        this.clocks = clocks;
        this.keys = KeyFiles.read(settings);
        this.witness = Optional.ofNullable(settings.evidence().witness()).map(this::open);
    }

    private ObjectStore open(URI url) {
        return ObjectStores.open(storeAt(url));
    }

    private StoreSettings storeAt(URI url) {
        return new StoreSettings(
                url.toString(),
                Optional.ofNullable(settings.s3Endpoint()).map(URI::toString),
                Optional.ofNullable(settings.s3Region()));
    }

    /** The store, for a look at what it can do. */
    StoreProbe probe() {
        return ObjectStores.probe(storeAt(Objects.requireNonNull(settings.store())));
    }

    Settings settings() {
        return settings;
    }

    Clocks clocks() {
        return clocks;
    }

    /** For whom backups are encrypted, by the fingerprints of their keys. */
    SortedSet<String> recipients() {
        return keys.recipients().stream().map(Recipient::fingerprint).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Opened when first asked for: what only looks at a database needs none. */
    synchronized ObjectStore store() {
        ObjectStore known = opened;
        if (known == null) {
            known = open(Objects.requireNonNull(settings.store()));
            opened = known;
        }
        return known;
    }

    Ledger ledger() {
        return new Ledger(store(), settings.ledger(), clocks);
    }

    /** Adds to the ledger; fails unless the key that signs it is ours, before a run has done anything. */
    LedgerWriter evidence(Notices notices) {
        Ledger ledger = ledger();
        LedgerWriter writer = writer(ledger, new EvidenceKeys(settings).signing(ledger, notices));
        writer.requireOurs();
        return writer;
    }

    /** Adds to a ledger what this key signs, locked and witnessed as the settings say. */
    LedgerWriter writer(Ledger ledger, SigningKey key) {
        return ledger.writer(key, witness, settings.evidence().lock());
    }

    /** Where copies of checkpoints go. */
    Optional<ObjectStore> witness() {
        return witness;
    }

    Leases leases() {
        return new Leases(store(), clocks.wall(), clocks.ticker(), settings.lease());
    }

    Deployment source() {
        return Deployments.connectToSource(Objects.requireNonNull(settings.sourceUri())::revealCurrent);
    }

    /** One member of the source's replica set. */
    Deployment sourceMember(String host) {
        return Deployments.connectToMember(
                Objects.requireNonNull(settings.sourceUri())::revealCurrent, "source member", host);
    }

    Deployment staging() {
        if (settings.ephemeralStaging()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "staging-uri is '%s', and only a drill can use that".formatted(SettingValues.EPHEMERAL),
                    "What is restored there would be destroyed at once: point FIREDRILL_STAGING_URI at a replica set of yours.");
        }
        return Deployments.connect(Objects.requireNonNull(settings.stagingUri())::revealCurrent, "staging");
    }

    /** The catalog to restore from: of the source that was named, or of the only one there is. */
    BackupCatalog catalog() {
        String name = settings.sourceName();
        return catalogOf(name == null ? onlySource() : name);
    }

    /** The catalog of one source, read and written with the keys there are. */
    BackupCatalog catalogOf(String source) {
        return new BackupCatalog(store(), source, keys);
    }

    private String onlySource() {
        List<String> sources = BackupCatalog.sources(store());
        if (sources.size() != 1) {
            String found = sources.isEmpty() ? "no source" : "several sources: " + String.join(", ", sources);
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the store %s holds backups of %s".formatted(store().location(), found),
                    sources.isEmpty()
                            ? "Run 'firedrill backup' first, or check FIREDRILL_STORE."
                            : "Say which one with --source-name or FIREDRILL_SOURCE_NAME.");
        }
        return sources.getFirst();
    }

    @Override
    public void close() {
        witness.ifPresent(ObjectStore::close);
        if (opened != null) {
            opened.close();
        }
    }
}
