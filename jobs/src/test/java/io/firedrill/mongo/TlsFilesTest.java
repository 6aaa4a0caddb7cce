package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.CertificateAuthority;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that a connection string names: what is taken, what is refused, and what is never repeated. */
class TlsFilesTest {
    private static final String PASSWORD = "Pa55word";

    @TempDir
    private Path directory;

    private CertificateAuthority authority;
    private Path client;

    @BeforeEach
    void issue() throws IOException, InterruptedException {
        authority = new CertificateAuthority(directory);
        client = authority.issue("client", "DNS:client");
    }

    private static Transport transport(String options) {
        return Deployments.transport("mongodb://127.0.0.1:1/?" + options, "source");
    }

    private static Failure refused(String options) {
        Failure failure = catchThrowableOfType(Failure.class, () -> transport(options));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text() + failure.hint()).contains("source").doesNotContain(PASSWORD);
        return failure;
    }

    private Path openssl(String name, String... arguments) throws IOException, InterruptedException {
        Path out = directory.resolve(name);
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-in", client.toString(), "-out", out.toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return out;
    }

    @Test
    void filesAreTakenInThePlaceOfWhatThisMachineTrusts() {
        assertThat(transport("tls=true").files()).isEmpty();
        assertThat(transport("tls=true&tlsCAFile=" + authority.certificate()).files())
                .isPresent();
        assertThat(transport("tlsCertificateKeyFile=%s&tls=true".formatted(client))
                        .files())
                .isPresent();
    }

    @Test
    void whatCannotBeUsedIsNamedWithItsFile() throws Exception {
        Path none = directory.resolve("none");
        assertThat(refused("tls=true&tlsCAFile=" + none).text()).contains(none.toString(), "cannot be read");
        assertThat(refused("tlsCAFile=" + authority.certificate()).text()).contains("does not say tls=true");
        assertThat(refused("tls=true&tlsCertificateKeyFile=" + authority.certificate())
                        .text())
                .contains("a certificate and its private key");
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThat(refused("tls=true&tlsCAFile=" + empty).text()).contains("no certificate in it");
        Path old = openssl("old", "ec");
        assertThat(Files.readString(old)).contains("BEGIN EC PRIVATE KEY");
        assertThat(refused("tls=true&tlsCertificateKeyFile=" + old).text()).contains("openssl pkcs8 -topk8");
    }

    @Test
    void aKeyThatIsEncryptedTakesItsPasswordAndNoOther() throws Exception {
        Path key = openssl("encrypted", "pkcs8", "-topk8", "-passout", "pass:" + PASSWORD + " +&");
        Path both = Files.writeString(
                directory.resolve("both"), Files.readString(key) + Files.readString(directory.resolve("client.crt")));
        String file = "tls=true&tlsCertificateKeyFile=%s&tlsCertificateKeyFilePassword=".formatted(both);
        assertThat(transport(file + PASSWORD + "%20%2B%26").files()).isPresent();
        assertThat(refused(file + PASSWORD).text()).contains("not with this password");
    }

    /** By the format that whoever reads it knows: a password, and a store that it opens. */
    @Test
    void whatTheFilesHoldIsHandedOnAsAStore() throws Exception {
        String uri = "mongodb://127.0.0.1:1/?tls=true&tlsCAFile=%s&tlsCertificateKeyFile=%s"
                .formatted(authority.certificate(), client);
        var out = new ByteArrayOutputStream();
        Deployments.certificates(uri, "source").orElseThrow().write(out);
        var in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
        char[] password = in.readUTF().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(in, password);
        assertThat(Collections.list(store.aliases())).containsExactlyInAnyOrder("ca0", "key");
        assertThat(store.isCertificateEntry("ca0")).isTrue();
        assertThat(store.getKey("key", password)).isInstanceOf(PrivateKey.class);
        assertThat(store.getCertificateChain("key")).hasSize(2);
        assertThat(Deployments.certificates("mongodb://127.0.0.1:1/?tls=true", "source"))
                .isEmpty();
    }

    @Test
    void aChainBeginsWithTheCertificateThatSignedNobody() throws Exception {
        Path turned = Files.writeString(
                directory.resolve("turned"), Files.readString(authority.certificate()) + Files.readString(client));
        var chain = PemFile.read(turned, new char[0]).chain();
        assertThat(chain)
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactly("CN=client", "CN=ca");
    }

    @Test
    void aFileIsReadAgainOnceItHasChangedAndKeptWhereItCannotBe() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "one");
        var readings = new AtomicInteger();
        var reread = new Reread<>(
                file,
                () -> {
                    readings.incrementAndGet();
                    String text = Files.readString(file);
                    if (text.isEmpty()) {
                        throw new GeneralSecurityException("half written");
                    }
                    return text;
                },
                thrown -> new Failure(FailureKind.CONFIGURATION_INVALID, "unread", "Read it.", thrown));
        assertThat(reread.now()).isEqualTo("one");
        assertThat(readings).hasValue(1);
        change(file, "two!", 1);
        assertThat(reread.now()).isEqualTo("two!");
        change(file, "", 2);
        assertThat(reread.now()).isEqualTo("two!");
        change(file, "three", 3);
        assertThat(reread.now()).isEqualTo("three");
        Files.delete(file);
        assertThat(reread.now()).isEqualTo("three");
    }

    private static void change(Path file, String text, int seconds) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(seconds)));
    }
}
