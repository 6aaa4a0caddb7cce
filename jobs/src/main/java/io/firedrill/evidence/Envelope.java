package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A DSSE envelope with one signature.
 *
 * <p>It is JSON, and has one form only: an object that holds the same in other bytes is refused, so that no byte of it can
 * be changed unseen.
 */
final class Envelope {
    private static final Pattern FORM =
            Pattern.compile("\\{\"payloadType\":\"([a-z0-9./+-]++)\",\"payload\":\"([^\"]++)\","
                    + "\"signatures\":\\[\\{\"keyid\":\"([0-9a-f]{64})\",\"sig\":\"([^\"]++)\"\\}\\]\\}\n");

    private final String payloadType;
    private final byte[] payload;
    private final String keyId;
    private final byte[] signature;

    private Envelope(String payloadType, byte[] payload, String keyId, byte[] signature) {
        this.payloadType = payloadType;
        this.payload = payload;
        this.keyId = keyId;
        this.signature = signature;
    }

    static Envelope signed(String payloadType, byte[] payload, SigningKey key) {
        return new Envelope(payloadType, payload, key.id(), key.sign(signedBytes(payloadType, payload)));
    }

    /** Reads the envelope that lies under a key of the store. */
    static Envelope read(String key, byte[] bytes) {
        Matcher form = FORM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!form.matches()) {
            throw damaged(key, "is not the signed envelope it should be");
        }
        return new Envelope(form.group(1), base64(key, form.group(2)), form.group(3), base64(key, form.group(4)));
    }

    private static byte[] base64(String key, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw damaged(key, "holds broken base64");
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw damaged(key, "holds base64 in another form than the one it was written in");
        }
        return bytes;
    }

    static Failure damaged(String key, String how) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "the object %s %s".formatted(key, how),
                "Something other than Firedrill has written or changed it: run 'firedrill evidence verify' before you trust this ledger.");
    }

    String payloadType() {
        return payloadType;
    }

    byte[] payload() {
        return payload;
    }

    String keyId() {
        return keyId;
    }

    byte[] bytes() {
        var base64 = Base64.getEncoder();
        String json = "{\"payloadType\":\"" + payloadType + "\",\"payload\":\"" + base64.encodeToString(payload)
                + "\",\"signatures\":[{\"keyid\":\"" + keyId + "\",\"sig\":\"" + base64.encodeToString(signature)
                + "\"}]}\n";
        return json.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isSignedBy(VerifyingKey key) {
        return key.id().equals(keyId) && key.verifies(signedBytes(payloadType, payload), signature);
    }

    /** The pre-authentication encoding of DSSE: the type is signed along, so that no payload passes for another kind. */
    private static byte[] signedBytes(String payloadType, byte[] payload) {
        String head = "DSSEv1 %d %s %d ".formatted(payloadType.length(), payloadType, payload.length);
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + payload.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(payload, 0, all, start.length, payload.length);
        return all;
    }
}
