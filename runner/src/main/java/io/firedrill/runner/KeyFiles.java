package io.firedrill.runner;

import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.OpeningKey;
import io.firedrill.archive.Recipient;
import io.firedrill.archive.ServiceKey;
import io.firedrill.archive.StoreKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.KmsKey;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The keys of an archive as files, or as names of keys that a service keeps. What is in a file is never part of a message. */
final class KeyFiles {
    /** What the name of such a key begins with; its ARN follows. */
    static final String AWS_KMS = "aws-kms:";

    static final String STORE_KEY = "store.key";
    static final String PRIVATE_KEY = "private.pem";
    static final String PUBLIC_KEY = "public.pem";

    private KeyFiles() {}

    /** Reads the keys that the settings name. */
    static ArchiveKeys read(Settings settings) {
        if (!settings.recipients().isEmpty() && settings.storeKey() == null) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "recipients are set, and store-key is not",
                    "Set " + Setting.STORE_KEY.waysToGive() + "; 'firedrill keys create' makes one.");
        }
        return new ArchiveKeys(
                Optional.ofNullable(settings.storeKey()).map(file -> secret(file, StoreKey::parse)),
                settings.recipients().stream().map(KeyFiles::recipient).toList(),
                settings.privateKeys().stream().map(KeyFiles::opening).toList());
    }

    private static Recipient recipient(String place) {
        return place.startsWith(AWS_KMS) ? serviceKey(place) : Recipient.parse(text(Path.of(place)), place);
    }

    private static OpeningKey opening(String place) {
        return place.startsWith(AWS_KMS) ? serviceKey(place) : secret(Path.of(place), OpeningKey::parse);
    }

    private static ServiceKey serviceKey(String place) {
        return new ServiceKey(KmsKey.of(place.substring(AWS_KMS.length())));
    }

    private static <T> T secret(Path file, BiFunction<String, String, T> parse) {
        String text = text(file);
        requireHidden(file);
        return parse.apply(text, file.toString());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the key file %s cannot be read (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Check the path, and that this user may read the file.");
        }
    }

    /** A group may read it: that is how secrets are mounted for a user that is not root. */
    private static void requireHidden(Path file) {
        if (isOpenToAll(file)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "everybody on this machine may read the key file %s".formatted(file),
                    "Run chmod o-rwx on it; in Kubernetes, mount the secret with defaultMode 0440.");
        }
    }

    static boolean isOpenToAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (UnsupportedOperationException | IOException unknown) {
            // Where there are no such permissions, there is nothing to judge.
            return false;
        }
    }

    /** What was made, by path. */
    record Created(List<String> files, String storeKey, String recipient) {}

    /** Makes a store key and a key pair; none of the files may be there. */
    static Created create(Path directory) {
        OpeningKey.Pair pair = OpeningKey.make();
        String storeKey = StoreKey.make();
        try {
            Files.createDirectories(directory);
            write(directory.resolve(STORE_KEY), storeKey, "rw-------");
            write(directory.resolve(PRIVATE_KEY), pair.opening(), "rw-------");
            write(directory.resolve(PUBLIC_KEY), pair.recipient(), "rw-r--r--");
        } catch (IOException thrown) {
            String file = thrown instanceof FileSystemException named ? String.valueOf(named.getFile()) : "";
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the key file %s cannot be written (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Name an empty directory: keys are never overwritten, since backups could not be read any more.");
        }
        return new Created(
                List.of(
                        directory.resolve(STORE_KEY).toString(),
                        directory.resolve(PRIVATE_KEY).toString(),
                        directory.resolve(PUBLIC_KEY).toString()),
                StoreKey.parse(storeKey, STORE_KEY).fingerprint(),
                Recipient.parse(pair.recipient(), PUBLIC_KEY).fingerprint());
    }

    static void write(Path file, String text, String permissions) throws IOException {
        Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(wanted));
        Files.writeString(file, text);
    }
}
