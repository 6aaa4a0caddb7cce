package io.firedrill.evidence;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A signed word about a ledger: how many records it had, and the root of the Merkle tree over all of them.
 *
 * @param range the right edge of that tree, from which it can be continued
 * @param head the SHA-256 of the newest record's envelope
 * @param prev the SHA-256 of the previous checkpoint's envelope; empty for the first
 * @param keyInForce the id of the key that the ledger's next record has to be signed with
 */
public record Checkpoint(
        String ledgerId,
        CompactRange range,
        String head,
        String prev,
        String keyInForce,
        Instant time,
        Envelope envelope) {
    static final String PAYLOAD_TYPE = "application/vnd.firedrill.checkpoint+json";
    static final int SCHEMA_VERSION = 1;

    static Checkpoint signed(
            String ledgerId,
            CompactRange range,
            String head,
            String prev,
            String keyInForce,
            Instant now,
            SigningKey key) {
        Instant time = now.truncatedTo(ChronoUnit.MILLIS);
        ObjectNode json = Json.object()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("ledger", ledgerId)
                .put("size", range.size())
                .put("root", range.rootHex())
                .put("head", head)
                .put("prevCheckpoint", prev)
                .put("keyInForce", keyInForce)
                .put("time", time.toString());
        ArrayNode edge = json.putArray("edge");
        range.subtrees().forEach(hash -> edge.add(Hashes.hex(hash)));
        Envelope envelope = Envelope.signed(PAYLOAD_TYPE, Json.compact(json), key);
        return new Checkpoint(ledgerId, range, head, prev, keyInForce, time, envelope);
    }

    /** Reads the checkpoint that lies under a key of the store; whoever signed it is for the caller to judge. */
    static Checkpoint read(String key, byte[] bytes) {
        Envelope envelope = Envelope.read(key, bytes);
        if (!envelope.payloadType().equals(PAYLOAD_TYPE)) {
            throw Envelope.damaged(key, "holds no checkpoint");
        }
        ObjectNode json = Json.read(envelope.payload(), key);
        Checkpoint read;
        try {
            List<byte[]> edge = json.path("edge")
                    .valueStream()
                    .map(hash -> HexFormat.of().parseHex(hash.asString("")))
                    .toList();
            read = new Checkpoint(
                    json.path("ledger").asString(""),
                    new CompactRange(json.path("size").asLong(-1), edge),
                    json.path("head").asString(""),
                    json.path("prevCheckpoint").asString(""),
                    json.path("keyInForce").asString(""),
                    Instant.parse(json.path("time").asString("")),
                    envelope);
        } catch (RuntimeException _) {
            throw Envelope.damaged(key, "is no checkpoint that can be read");
        }
        if (!read.root().equals(json.path("root").asString(""))) {
            throw Envelope.damaged(key, "names a root that its own edge does not have");
        }
        return read;
    }

    public long size() {
        return range.size();
    }

    /** The root of the Merkle tree, in hex. */
    public String root() {
        return range.rootHex();
    }

    /** What people keep: "17:" and the root, as {@code evidence verify --checkpoint} takes it. */
    public String copy() {
        return size() + ":" + root();
    }

    public byte[] bytes() {
        return envelope.bytes();
    }

    String sha256() {
        return Hashes.sha256Hex(bytes());
    }
}
