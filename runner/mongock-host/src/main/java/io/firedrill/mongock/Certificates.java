package io.firedrill.mongock;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Has all of this process go by the certificates that a connection string names: Java's driver reads none of its files. They come
 * on standard input, so that no list of processes, no environment, no property and no disk has the private key.
 */
final class Certificates {
    /** Whoever names a key store of Java's has said who this process is. */
    private static final String OWN_KEYS = "javax.net.ssl.keyStore";

    private Certificates() {}

    /** Before anything else of this process makes a connection; does nothing where there are none. */
    static void asTold(Order order) throws IOException, GeneralSecurityException {
        if (order.values("certificates").isEmpty()) {
            return;
        }
        byte[] told = System.in.readAllBytes();
        if (told.length == 0) {
            throw new IOException(
                    "no certificates came on standard input: a program in the place of Java has to pass it on");
        }
        var in = new DataInputStream(new ByteArrayInputStream(told));
        char[] password = in.readUTF().toCharArray();
        KeyStore handed = KeyStore.getInstance("PKCS12");
        handed.load(in, password);
        if (System.getProperty(OWN_KEYS) == null) {
            var tls = SSLContext.getInstance("TLS");
            tls.init(keys(handed, password), trust(handed), null);
            SSLContext.setDefault(tls);
        }
    }

    private static KeyManager[] keys(KeyStore handed, char[] password) throws GeneralSecurityException {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(handed, password);
        return factory.getKeyManagers();
    }

    /** Those that Java trusts too: an application has other servers to reach. */
    private static TrustManager[] trust(KeyStore handed) throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        for (Certificate each : javas().getAcceptedIssuers()) {
            all.setCertificateEntry("java" + all.size(), each);
        }
        for (String name : Collections.list(handed.aliases())) {
            // The certificate of a key says who we are, and is no authority.
            if (handed.isCertificateEntry(name)) {
                all.setCertificateEntry("handed" + all.size(), handed.getCertificate(name));
            }
        }
        TrustManagerFactory factory = factory();
        factory.init(all);
        return factory.getTrustManagers();
    }

    private static X509TrustManager javas() throws GeneralSecurityException {
        TrustManagerFactory factory = factory();
        factory.init((KeyStore) null);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static TrustManagerFactory factory() throws GeneralSecurityException {
        return TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    }
}
