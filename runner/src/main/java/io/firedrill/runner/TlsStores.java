package io.firedrill.runner;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.activemq.artemis.core.remoting.impl.ssl.SSLSupport;
import org.apache.activemq.artemis.spi.core.remoting.ssl.SSLContextConfig;

/** What TLS goes by, out of the files that an address names; without passwords, since an address is no secret. */
final class TlsStores {
    private TlsStores() {}

    /** @throws Exception where a file cannot be read, is none of its type, or holds no certificate that could be trusted */
    static SSLContext context(SSLContextConfig config) throws Exception {
        if (config.getTruststorePath() != null) {
            requireTrust(config);
        }
        return new SSLSupport(config).createContext();
    }

    /** A file without any certificate is taken, and then nobody is believed. */
    private static void requireTrust(SSLContextConfig config) throws Exception {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(SSLSupport.loadKeystore(null, config.getTruststoreType(), config.getTruststorePath(), null));
        for (TrustManager each : trust.getTrustManagers()) {
            if (each instanceof X509TrustManager named && named.getAcceptedIssuers().length == 0) {
                throw new GeneralSecurityException("there is no certificate in it");
            }
        }
    }
}
