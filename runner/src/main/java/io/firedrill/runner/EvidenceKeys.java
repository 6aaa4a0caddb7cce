package io.firedrill.runner;

import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.SigningKey;
import io.firedrill.evidence.VerifyingKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that sign evidence, as files. What is in a private one is never part of a message. */
final class EvidenceKeys {
    static final String PRIVATE_KEY = "evidence-private.pem";
    static final String PUBLIC_KEY = "evidence-public.pem";

    private final Settings settings;

    EvidenceKeys(Settings settings) {
        this.settings = settings;
    }

    /**
     * The key to sign this ledger with: the one that the settings name, else the one in the state directory, which is made
     * if nothing was signed yet. Where another key signs the ledger and none was named, nobody here can add to it.
     */
    SigningKey signing(Ledger ledger, Notices notices) {
        return present(ledger).orElseGet(() -> embed(embedded(), ledger, notices));
    }

    /** The same, but that none is made: empty where a run would make one. */
    Optional<SigningKey> present(Ledger ledger) {
        Path embedded = embedded();
        @Nullable Path named = settings.evidence().key();
        if (named != null || Files.exists(embedded)) {
            return Optional.of(read(named == null ? embedded : named));
        }
        Optional<String> signedBy = ledger.keyInForce();
        if (signedBy.isPresent()) {
            throw new Failure(
                    FailureKind.KEY_MISSING,
                    "ledger %s is signed with the key %s, evidence-key is not set, and %s is not there"
                            .formatted(ledger.id(), signedBy.get(), embedded),
                    "Set " + Setting.EVIDENCE_KEY.waysToGive()
                            + ". If that key is lost, begin a ledger of another name; docs/OPERATIONS.md tells how.");
        }
        return Optional.empty();
    }

    private Path embedded() {
        return settings.stateDir().resolve(PRIVATE_KEY);
    }

    /** Two processes may get here at once: whoever puts the file there first has made the key of both. */
    private static SigningKey embed(Path file, Ledger ledger, Notices notices) {
        SigningKey made = SigningKey.make();
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            // A temporary file is its owner's alone.
            Path draft = Files.createTempFile(directory, ".evidence-", ".pem");
            Files.writeString(draft, made.privatePem());
            try {
                Files.createLink(file, draft);
            } finally {
                Files.delete(draft);
            }
        } catch (FileAlreadyExistsException _) {
            return read(file);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.KEY_MISSING,
                    "no key to sign evidence with could be made in %s (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Set " + Setting.EVIDENCE_KEY.waysToGive() + ", or give a state directory that can be written to.");
        }
        notices.notice("made the key %s to sign ledger %s with, in %s: keep a copy of it, and for production set %s"
                .formatted(made.id(), ledger.id(), file, Setting.EVIDENCE_KEY.key()));
        return made;
    }

    /** Reads a private key that others on this machine cannot read. */
    static SigningKey read(Path file) {
        String text = text(file);
        if (KeyFiles.isOpenToAll(file)) {
            throw new Failure(
                    FailureKind.KEY_WRONG,
                    "everybody on this machine may read the key file %s".formatted(file),
                    "Run chmod o-rwx on it; in Kubernetes, mount the secret with defaultMode 0440.");
        }
        return SigningKey.parse(text, file.toString());
    }

    /** Reads public keys. */
    static List<VerifyingKey> readPublic(List<Path> files) {
        return files.stream()
                .map(file -> VerifyingKey.parse(text(file), file.toString()))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.KEY_MISSING,
                    "the key file %s cannot be read (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Check the path, and that this user may read the file.");
        }
    }

    /** What was made: the files by path, and the id by which records name the key. */
    record Created(List<String> files, String keyId) {}

    /** Makes a key pair; neither file may be there. */
    static Created create(Path directory) {
        SigningKey key = SigningKey.make();
        Path secret = directory.resolve(PRIVATE_KEY);
        Path open = directory.resolve(PUBLIC_KEY);
        try {
            Files.createDirectories(directory);
            KeyFiles.write(secret, key.privatePem(), "rw-------");
            KeyFiles.write(open, key.publicKey().pem(), "rw-r--r--");
        } catch (IOException thrown) {
            String file = thrown instanceof FileSystemException named ? String.valueOf(named.getFile()) : "";
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the key file %s cannot be written (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Name an empty directory: keys are never overwritten, since the ledger could not go on any more.");
        }
        return new Created(List.of(secret.toString(), open.toString()), key.id());
    }
}
