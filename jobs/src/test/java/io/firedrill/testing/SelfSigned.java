package io.firedrill.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** A certificate for "localhost" that nobody vouches for. */
public final class SelfSigned {
    private SelfSigned() {}

    /** What a server shows, and a client that trusts it believes; the key pair lies in the directory. */
    public static SSLContext tls(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        Path key = directory.resolve("self.key");
        Path certificate = directory.resolve("self.crt");
        OpenSsl.run(
                directory,
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString(),
                "-days",
                "90",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost");
        return OpenSsl.tls(OpenSsl.store(key, certificate, certificate));
    }
}
