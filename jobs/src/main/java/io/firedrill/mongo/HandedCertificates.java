package io.firedrill.mongo;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * What is in the files with certificates that a connection string names, for a process whose driver reads no such files. With
 * it goes a private key that nothing protects: it belongs into no file, no argument and no variable.
 */
public final class HandedCertificates {
    /** The options of a connection string that name the files, and what opens them; in small letters. */
    public static final Set<String> OPTIONS = Set.of(TlsFiles.CA, TlsFiles.KEY, TlsFiles.KEY_PASSWORD);

    private static final int PASSWORD_BYTES = 32;

    private final String password;
    private final byte[] store;

    private HandedCertificates(String password, byte[] store) {
        this.password = password;
        this.store = store;
    }

    /** As they are now. */
    static HandedCertificates of(TlsFiles files) {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getEncoder().encodeToString(random);
        var bytes = new ByteArrayOutputStream();
        try {
            KeyStore store = files.store(password.toCharArray());
            store.store(bytes, password.toCharArray());
        } catch (IOException | GeneralSecurityException thrown) {
            throw files.unusable(thrown);
        }
        return new HandedCertificates(password, bytes.toByteArray());
    }

    /** A password, as {@link DataOutputStream#writeUTF} has it, for the format asks for one, and then the PKCS #12 store. */
    public void write(OutputStream to) throws IOException {
        var out = new DataOutputStream(to);
        out.writeUTF(password);
        out.write(store);
        out.flush();
    }
}
