package io.firedrill.archive;

import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** HPKE as data keys are wrapped: RFC 9180, base mode, X25519, HKDF-SHA256, AES-256-GCM, without a prefix of Tink's. */
final class Hpke {
    static final int KEY_BYTES = 32;
    static final HpkeParameters PARAMETERS = parameters();

    private Hpke() {}

    private static HpkeParameters parameters() {
        try {
            HybridConfig.register();
            return HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Tink has HPKE", impossible);
        }
    }

    static <P> P primitive(Key key, Class<P> type) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), type);
    }

    static byte[] info(String context) {
        return context.getBytes(StandardCharsets.UTF_8);
    }
}
