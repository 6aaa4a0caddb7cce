package io.firedrill.mongo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What a PEM file holds.
 *
 * @param certificates in their order
 * @param key the private key in it, if there is one
 */
record PemFile(List<X509Certificate> certificates, Optional<PrivateKey> key) {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    /**
     * Reads it.
     *
     * @param password of a key that is encrypted; nobody reads it but this
     * @throws IOException where it cannot be read
     * @throws GeneralSecurityException where it holds something else, or the password is another; its text is without secrets
     */
    static PemFile read(Path file, char[] password) throws IOException, GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        Optional<PrivateKey> key = Optional.empty();
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            byte[] bytes = bytes(block.group(2));
            switch (block.group(1)) {
                case "CERTIFICATE" -> certificates.add(certificate(bytes));
                case "PRIVATE KEY" -> key = Optional.of(key(new PKCS8EncodedKeySpec(bytes)));
                case "ENCRYPTED PRIVATE KEY" -> key = Optional.of(key(decrypted(bytes, password)));
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                    throw new GeneralSecurityException("its key is not in PKCS#8: 'openssl pkcs8 -topk8' makes it so");
                default -> {}
            }
        }
        return new PemFile(List.copyOf(certificates), key);
    }

    /** The certificate that nobody in the file was signed with, and behind it those who signed, in order: as TLS shows them. */
    X509Certificate[] chain() {
        List<X509Certificate> chain = new ArrayList<>();
        Optional<X509Certificate> next = certificates.stream()
                .filter(each -> certificates.stream().noneMatch(other -> !other.equals(each) && hasSigned(each, other)))
                .findFirst();
        while (next.isPresent()) {
            X509Certificate last = next.get();
            chain.add(last);
            next = certificates.stream()
                    .filter(each -> !chain.contains(each) && hasSigned(each, last))
                    .findFirst();
        }
        return chain.toArray(X509Certificate[]::new);
    }

    private static boolean hasSigned(X509Certificate signer, X509Certificate signed) {
        return signer.getSubjectX500Principal().equals(signed.getIssuerX500Principal());
    }

    private static byte[] bytes(String base64) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw new GeneralSecurityException("it is no PEM file");
        }
    }

    private static X509Certificate certificate(byte[] bytes) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] bytes, char[] password)
            throws IOException, GeneralSecurityException {
        var encrypted = new EncryptedPrivateKeyInfo(bytes);
        String algorithm = String.valueOf(encrypted.getAlgParameters());
        try {
            var secret = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, encrypted.getAlgParameters());
            return encrypted.getKeySpec(cipher);
        } catch (GeneralSecurityException _) {
            throw new GeneralSecurityException("its key is encrypted, and not with this password");
        }
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException _) {
                // Of another kind.
            }
        }
        throw new GeneralSecurityException("its key is neither RSA nor of an elliptic curve");
    }
}
