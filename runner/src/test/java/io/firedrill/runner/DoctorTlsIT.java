package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.CertificateAuthority;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.RecordingServer;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the doctor says of certificates: on a real mongod, and of one that has expired, with which no mongod starts. */
class DoctorTlsIT {
    @TempDir
    Path directory;

    private SSLContext before;

    @BeforeEach
    void remember() throws Exception {
        before = SSLContext.getDefault();
    }

    @AfterEach
    void forget() {
        SSLContext.setDefault(before);
    }

    @ParameterizedTest
    @CsvSource({
        "IP:127.0.0.1,    365, true,  OK,   'TLSv1.3, certificate until'",
        "IP:127.0.0.1,    365, false, FAIL, 'nobody whom this machine trusts has signed'",
        "DNS:other.example, 365, true,  FAIL, 'is for another host name'",
        "IP:127.0.0.1,    20,  true,  WARN, 'expires in 18 days'",
        "IP:127.0.0.1,    4,   true,  FAIL, 'expires in 2 days'"
    })
    void theCertificateOfASourceIsJudged(String san, int days, boolean trusted, String state, String seen)
            throws Exception {
        var authority = new CertificateAuthority(directory);
        Path key = authority.issue("server", san, 1, days);
        try (var source = MongodServer.replicaSet("orders", authority.mongod("preferTLS", key))) {
            if (trusted) {
                SSLContext.setDefault(authority.tls("server"));
            }
            var call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", source.uri() + "&tls=true");
            int code = call.run("doctor", "--for", "backup", "--output", "json");
            assertThat(code).as(call.out()).isEqualTo(state.equals("FAIL") ? 40 : 0);
            JsonNode tls = tls(call);
            assertThat(tls.path("state").asString()).as(tls.toString()).isEqualTo(state);
            assertThat(tls.path("seen").asString()).contains(seen);
        }
    }

    @Test
    void aCertificateOfAStoreThatHasExpiredIsNamed() throws Exception {
        var authority = new CertificateAuthority(directory);
        authority.issue("server", "DNS:localhost", 40, 30);
        SSLContext.setDefault(authority.tls("server"));
        try (var store = new RecordingServer(authority.tls("server"))) {
            var call = new RealCall(directory)
                    .with("FIREDRILL_STORE", "s3://bucket")
                    .with("FIREDRILL_S3_ENDPOINT", store.address().toString())
                    .with("FIREDRILL_S3_REGION", "us-east-1");
            call.run("doctor", "--for", "prune", "--output", "json");
            JsonNode tls = tls(call);
            assertThat(tls.path("seen").asString()).contains("its certificate has expired");
            assertThat(tls.path("hint").asString()).contains("certificate for this name that has not expired");
        }
    }

    private static JsonNode tls(RealCall call) {
        for (JsonNode check : JsonMapper.shared().readTree(call.out()).path("checks")) {
            if (check.path("check").asString().equals("tls")) {
                return check;
            }
        }
        throw new AssertionError("no check of TLS in " + call.out());
    }
}
