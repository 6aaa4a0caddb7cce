package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.evidence.LargeLedger;
import io.firedrill.evidence.SigningKey;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Makes a store as it looks after years: a sealed backup a day, and ten signed records. What lies below the manifests is left out:
 * nothing that is measured here reads it.
 */
final class LargeStore {
    private static final int PARTS = 24;

    private final Path directory;
    private final int days;
    /** So long ago that all of its day lies behind, and that nothing is due again. */
    private final Instant newest =
            InstantSource.system().instant().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(12));

    LargeStore(Path directory, int days) {
        this.directory = directory;
        this.days = days;
    }

    /** From the command line: {@code LargeStore DIRECTORY DAYS}. */
    public static void main(String[] arguments) {
        var _ = new LargeStore(Path.of(arguments[0]), Integer.parseInt(arguments[1])).make();
    }

    /** The key that signed it. */
    SigningKey make() {
        SigningKey key = SigningKey.make();
        try (ObjectStore store = ObjectStores.directory(directory)) {
            var catalog = new BackupCatalog(store, "orders");
            new LargeLedger(store, key).fill(days, newest, day -> backup(catalog, day));
        }
        return key;
    }

    private LargeLedger.Backup backup(BackupCatalog catalog, int day) {
        return sealed(catalog, newest.minus(Duration.ofDays(days - 1L - day)), day);
    }

    /** Writes the manifest of a backup, and nothing that it names. */
    static LargeLedger.Backup sealed(BackupCatalog catalog, Instant at, int number) {
        BackupId id = BackupId.of(at, number);
        List<Manifest.PartRef> parts = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            parts.add(new Manifest.PartRef(
                    "shop.collection" + part, sha256((id + " " + part).getBytes(StandardCharsets.UTF_8))));
        }
        catalog.write(new Manifest(
                id,
                catalog.source(),
                new OpTime(at.getEpochSecond(), 1),
                at,
                at.plusSeconds(60),
                sha256(id.value().getBytes(StandardCharsets.UTF_8)),
                parts,
                new Manifest.Totals(PARTS, 1_000_000, 1L << 30, 1L << 28, 1L << 20, 400, 390),
                Optional.empty(),
                List.of(),
                Optional.empty()));
        return new LargeLedger.Backup(id.value(), catalog.manifestKey(id).value(), sha256(catalog.readManifest(id)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
