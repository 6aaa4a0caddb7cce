package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One record of a ledger as it lies in the store, of whatever kind: an envelope, and the statement in it. */
public final class LedgerEntry {
    private final String key;
    private final byte[] bytes;
    private final Envelope envelope;
    private final EntryKind kind;
    private final ObjectNode statement;

    private LedgerEntry(String key, byte[] bytes, Envelope envelope, EntryKind kind, ObjectNode statement) {
        this.key = key;
        this.bytes = bytes;
        this.envelope = envelope;
        this.kind = kind;
        this.statement = statement;
    }

    static LedgerEntry of(String key, byte[] bytes) {
        Envelope envelope = Envelope.read(key, bytes);
        if (!envelope.payloadType().equals(Statement.PAYLOAD_TYPE)) {
            throw Envelope.damaged(key, "holds no statement");
        }
        ObjectNode statement = Json.read(envelope.payload(), key);
        EntryKind kind = EntryKind.of(statement.path("predicateType").asString(""))
                .orElseThrow(() -> tooNew(key, statement.path("predicateType").asString("")));
        int version = statement.at("/predicate/schemaVersion").asInt(0);
        if (version > RecordFormat.SCHEMA_VERSION) {
            throw tooNew(key, "schema version " + version);
        }
        return new LedgerEntry(key, bytes.clone(), envelope, kind, statement);
    }

    private static Failure tooNew(String key, String what) {
        return new Failure(
                FailureKind.FORMAT_TOO_NEW,
                "the record %s has %s, which this version does not know".formatted(key, what),
                "Read it with the Firedrill that wrote it, or a newer one.");
    }

    /** Where it lies in the store. */
    public String key() {
        return key;
    }

    public EntryKind kind() {
        return kind;
    }

    /** The kind as people say it: what sort of run it was, else "key-change", "approval" and the like. */
    public String word() {
        return kind == EntryKind.RUN ? text("/run/kind") : kind.word();
    }

    public String recordId() {
        return text("/identity/recordId");
    }

    public String ledgerId() {
        return text("/identity/ledgerId");
    }

    public long seq() {
        return predicate().at("/identity/seq").asLong(0);
    }

    /** The SHA-256 of the previous record's envelope; empty for the first. */
    public String prev() {
        return text("/identity/prev");
    }

    /** When it was written, by the clock of whoever wrote it. */
    public Instant at() {
        return Instant.parse(text(kind == EntryKind.RUN ? "/when/recordedAt" : "/timeCreated"));
    }

    /** Who is answerable: the operator of a run, else whoever said it. */
    public String operator() {
        return text(
                switch (kind) {
                    case RUN -> "/who/operator";
                    case KEY_CHANGE, PUBLICATION, GATE -> "/operator";
                    case APPROVAL, SIGN_OFF, WAIVER -> "/verifier/id";
                });
    }

    /** The id of the key that signed it, as the envelope says; whether that is true is for a verification to tell. */
    public String keyId() {
        return envelope.keyId();
    }

    /** The SHA-256 of the envelope's bytes, which is the digest of the object. */
    public String sha256() {
        return Hashes.sha256Hex(bytes);
    }

    /** The object's bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The signed bytes: the statement as JSON. */
    public byte[] payload() {
        return envelope.payload().clone();
    }

    public JsonNode statement() {
        return statement.deepCopy();
    }

    /** The run, if it states one. */
    public Optional<RunRecord> run() {
        return kind == EntryKind.RUN ? Optional.of(new RunRecord(this)) : Optional.empty();
    }

    Envelope envelope() {
        return envelope;
    }

    ObjectNode predicate() {
        return statement.path("predicate") instanceof ObjectNode object ? object : Json.object();
    }

    String text(String pointer) {
        return predicate().at(pointer).asString("");
    }
}
