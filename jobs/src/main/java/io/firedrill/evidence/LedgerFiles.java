package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The objects of one ledger in a store: {@code evidence/<ledger>/…}. */
record LedgerFiles(ObjectStore store, String ledgerId) {
    static final String ROOT = "evidence/";
    static final int BYTES_MAX = 256 << 20;

    private static final String LOCK = "lock";
    private static final byte[] LOCK_NOTE = "From here on each record is locked, as far as the store keeps its word.\n"
            .getBytes(StandardCharsets.US_ASCII);

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern NUMBERED = Pattern.compile("(\\d{12})\\.dsse\\.json");
    private static final Pattern UNSIGNED = Pattern.compile("\\d{12}\\.json");
    private static final Pattern PEM = Pattern.compile("([0-9a-f]{64})\\.pem");

    LedgerFiles {
        if (!isId(ledgerId)) {
            throw new IllegalArgumentException("not a ledger id: " + ledgerId);
        }
    }

    static boolean isId(String name) {
        return ID.matcher(name).matches();
    }

    String prefix() {
        return ROOT + ledgerId + "/";
    }

    ObjectKey record(long seq) {
        return ObjectKey.of(prefix() + "%012d.dsse.json".formatted(seq));
    }

    ObjectKey checkpoint(long size) {
        return ObjectKey.of(prefix() + "checkpoints/%012d.dsse.json".formatted(size));
    }

    ObjectKey publicKey(String keyId) {
        return ObjectKey.of(prefix() + "keys/" + keyId + ".pem");
    }

    /** Where it is noted that a ledger which had keys and records before is locked from there on. */
    ObjectKey lockNote() {
        return ObjectKey.of(prefix() + LOCK);
    }

    /** Fails unless the store locks what it is asked to lock; what shows that it does stays there, locked until then. */
    void requireLocking(String keyId, Instant until) {
        boolean shown = Stream.of(publicKey(keyId), lockNote())
                .anyMatch(key -> store.lockedUntil(key).isPresent());
        if (!shown && !createLocked(lockNote(), LOCK_NOTE, until)) {
            throw Envelope.damaged(lockNote().value(), "is not the note that records are locked from there on");
        }
    }

    /** The numbers of the records there are, in order. */
    long[] seqs() {
        return records().stream().mapToLong(this::seq).toArray();
    }

    /** The objects of the records there are, in order. */
    List<ObjectInfo> records() {
        // All numbers below 100,000,000,000: checkpoints and keys lie elsewhere and are not listed with them.
        try (Stream<ObjectInfo> objects = store.list(prefix() + "0")) {
            return objects.filter(
                            object -> number(known(name(object, prefix()))).isPresent())
                    .toList();
        }
    }

    /** The number of a record's object. */
    long seq(ObjectInfo object) {
        return number(name(object, prefix())).orElseThrow();
    }

    /** The sizes of the checkpoints there are, in order. */
    long[] checkpointSizes() {
        String folder = prefix() + "checkpoints/";
        try (Stream<ObjectInfo> objects = store.list(folder)) {
            return objects.flatMapToLong(object -> number(name(object, folder)).stream())
                    .toArray();
        }
    }

    /** Every object of the ledger whose name is not one that a ledger has. */
    Stream<String> strangers() {
        return store.list(prefix())
                .map(object -> object.key().value())
                .filter(key -> !isOwn(key.substring(prefix().length())));
    }

    /** The ids of the public keys there are. */
    Stream<String> keyIds() {
        String folder = prefix() + "keys/";
        return store.list(folder)
                .map(object -> PEM.matcher(name(object, folder)))
                .filter(Matcher::matches)
                .map(name -> name.group(1));
    }

    /** The key's file, if it is there and holds the key it is named after. */
    Optional<VerifyingKey> key(String keyId) {
        return store.read(publicKey(keyId), 1 << 16)
                .flatMap(bytes -> VerifyingKey.read(new String(bytes, StandardCharsets.US_ASCII)))
                .filter(key -> key.id().equals(keyId));
    }

    Optional<byte[]> read(ObjectKey key) {
        return store.read(key, BYTES_MAX);
    }

    /** False if the name is another's. A retried put may find its own bytes: then the name is ours after all. */
    boolean create(ObjectKey key, byte[] bytes) {
        return store.create(key, Content.of(bytes)) || holds(key, bytes);
    }

    private boolean holds(ObjectKey key, byte[] bytes) {
        return read(key).filter(taken -> Arrays.equals(taken, bytes)).isPresent();
    }

    /** As {@link #create}, and by the store's own word nobody may delete the object until then. */
    boolean createLocked(ObjectKey key, byte[] bytes, Instant until) {
        boolean ours = store.createLocked(key, Content.of(bytes), until) || holds(key, bytes);
        if (ours && !isLocked(key, until)) {
            throw new Failure(
                    FailureKind.EVIDENCE_NOT_STORED,
                    "%s took %s and does not keep it locked until %s".formatted(store.location(), key, until),
                    "Its Object Lock does not work: keep evidence in another store, or unset FIREDRILL_EVIDENCE_LOCK.");
        }
        return ours;
    }

    /** Whether the store says that nobody may delete the object before then. */
    boolean isLocked(ObjectKey key, Instant until) {
        // A store may keep whole seconds only.
        return store.lockedUntil(key)
                .filter(kept -> !kept.isBefore(until.truncatedTo(ChronoUnit.SECONDS)))
                .isPresent();
    }

    private static boolean isOwn(String name) {
        return name.equals(LOCK)
                || NUMBERED.matcher(name.replaceFirst("^checkpoints/", "")).matches()
                || (name.startsWith("keys/")
                        && PEM.matcher(name.substring("keys/".length())).matches());
    }

    private String known(String name) {
        if (UNSIGNED.matcher(name).matches()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s%s is an unsigned record, as Firedrill wrote them before its first release"
                            .formatted(prefix(), name),
                    "Move the old objects out of %s, or begin a ledger of another name.".formatted(prefix()));
        }
        return name;
    }

    private static OptionalLong number(String name) {
        Matcher numbered = NUMBERED.matcher(name);
        return numbered.matches() ? OptionalLong.of(Long.parseLong(numbered.group(1))) : OptionalLong.empty();
    }

    private static String name(ObjectInfo object, String folder) {
        return object.key().value().substring(folder.length());
    }
}
