package io.firedrill.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.firedrill.readiness.Finding.Result;
import io.firedrill.readiness.Selector.Dated;
import io.firedrill.readiness.Selector.Demand;
import io.firedrill.testing.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What selectors find outside the ledger: files, pages and programs. */
class OutsideEvidenceTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Room room = new Room(Path.of("."));
    private Optional<HttpServer> server = Optional.empty();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch silence = new CountDownLatch(1);

    @BeforeEach
    void enter() {
        room = new Room(directory);
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.ifPresent(running -> running.stop(0));
        executor.shutdown();
    }

    private static String sha256(String text) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    private static Selector.File file(String path, Demand demand) {
        return new Selector.File(path, demand, Optional.empty());
    }

    @Test
    void aFileIsFoundWithTheDigestOfItsBytes() throws GeneralSecurityException {
        room.write("ops/OWNERS.md", "Owner: olga\n");
        Finding found = room.find(file("ops/OWNERS.md", new Demand("olga", "Owner:\\s+\\w+")));
        assertThat(found.result()).as(found.reason()).isEqualTo(Result.HOLDS);
        assertThat(found.proof().orElseThrow().sha256()).isEqualTo(sha256("Owner: olga\n"));
        assertThat(found.until()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "gone.md, '', '', gone.md is not there",
        "ops, '', '', is no file beside the readiness file",
        "ops/link, '', '', is no file beside the readiness file",
        "ops/a.md, secret word, '', does not contain what is asked for",
        "ops/a.md, '', ^b+$, holds nothing that the expression matches",
        "ops/a.md, '', a*a*a*a*a*a*a*a*b, does not come to an end",
        "ops/large, '', '', has more than 4 MiB",
    })
    void aFileThatIsNotWhatIsAskedForIsNoEvidence(String path, String contains, String matches, String reason)
            throws IOException {
        room.write("ops/a.md", "a".repeat(60) + "!");
        room.write("ops/large", "x".repeat((4 << 20) + 1));
        Path outside = Files.createTempFile("outside", ".md");
        Files.createSymbolicLink(directory.resolve("ops/link"), outside);
        Finding found = room.find(file(path, new Demand(contains, matches)));
        Files.delete(outside);
        assertThat(found.result()).isEqualTo(Result.MISSING);
        assertThat(found.reason()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "Reviewed: 2026-11-20, HOLDS, ''",
        "Reviewed: 2026-10-29, HOLDS, ''",
        "Reviewed: 2026-10-28, STALE, too old since 2026-11-28T00:00:00Z",
        "Reviewed: 2026-11-30, MISSING, is yet to come",
        "Reviewed: 2026-13-40, MISSING, holds no date where the expression looks for one",
        "Never, MISSING, holds no date where the expression looks for one",
    })
    void aFileAgesByTheDateItSaysNotByItsTimeStamp(String text, Result result, String reason) {
        room.write("review.md", text);
        var dated = new Dated("Reviewed: (\\d{4}-\\d{2}-\\d{2})", Duration.ofDays(30));
        Finding found = room.find(new Selector.File("review.md", Demand.NOTHING, Optional.of(dated)));
        assertThat(found.result()).isEqualTo(result);
        assertThat(found.reason()).contains(reason);
    }

    private URI serve(HttpServer started) {
        server = Optional.of(started);
        started.createContext("/good", exchange -> {
            byte[] body = "all is well".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        started.createContext("/away", exchange -> {
            exchange.getResponseHeaders().add("Location", "/good");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        started.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('a');
            exchange.getResponseBody().flush();
            try {
                assertThat(silence.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        started.createContext("/large", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[(4 << 20) + 1]);
            exchange.close();
        });
        // One request must not hold up the next.
        started.setExecutor(executor);
        started.start();
        String scheme = started instanceof HttpsServer ? "https" : "http";
        return URI.create(
                "%s://localhost:%d".formatted(scheme, started.getAddress().getPort()));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Selector.Url url(URI base, String path, Demand demand) {
        Duration limit = Duration.ofSeconds(path.equals("/slow") ? 2 : 30);
        return new Selector.Url(base.resolve(path), limit, demand);
    }

    @Test
    void aPageCountsIfItAnswersInTimeAndSaysWhatIsAskedFor() throws IOException, GeneralSecurityException {
        URI base = serve(HttpServer.create(anyPort(), 0));
        Finding good = room.find(url(base, "/good?token=S3cret", new Demand("well", "")));
        assertThat(good.result()).as(good.reason()).isEqualTo(Result.HOLDS);
        assertThat(good.proof().orElseThrow().sha256()).isEqualTo(sha256("all is well"));
        assertThat(good.toString()).doesNotContain("S3cret").contains("token=***");
        assertThat(room.find(url(base, "/good", new Demand("ill", ""))).reason())
                .contains("does not contain");
        assertThat(room.find(url(base, "/gone", Demand.NOTHING)).reason()).contains("answered 404");
        assertThat(room.find(url(base, "/away", Demand.NOTHING)).reason()).contains("answered 302");
        assertThat(room.find(url(base, "/slow", Demand.NOTHING)).reason()).contains("did not answer within 2s");
        assertThat(room.find(url(base, "/large", Demand.NOTHING)).reason()).contains("could not be had: IOException");
        stop();
        assertThat(room.find(url(base, "/good", Demand.NOTHING)).reason())
                .contains("could not be had: ConnectException");
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNoEvidence()
            throws IOException, GeneralSecurityException, InterruptedException {
        SSLContext tls = SelfSigned.tls(directory);
        HttpsServer https = HttpsServer.create(anyPort(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        URI base = serve(https);
        Selector.Url good = url(base, "/good", Demand.NOTHING);
        assertThat(room.find(good).reason()).contains("could not be had: SSLHandshakeException");
        assertThat(new UrlFinder(tls).find(good).result())
                .as("where it is trusted")
                .isEqualTo(Result.HOLDS);
        URI byNumber = URI.create(
                "https://127.0.0.1:%d/good".formatted(https.getAddress().getPort()));
        assertThat(new UrlFinder(tls)
                        .find(new Selector.Url(byNumber, Duration.ofSeconds(30), Demand.NOTHING))
                        .reason())
                .as("the name has to be the certificate's")
                .contains("SSLHandshakeException");
    }

    private static Selector.Command command(Duration limit, Demand demand, String... argv) {
        return new Selector.Command(List.of(argv), limit, demand);
    }

    private Finding sh(String script) {
        return room.find(command(Duration.ofSeconds(20), Demand.NOTHING, "sh", "-c", script));
    }

    @Test
    void aProgramIsRunOnlyIfSomebodyAskedForThat() {
        Selector touch = command(Duration.ofSeconds(20), Demand.NOTHING, "touch", "ran");
        Finding unasked = room.find(touch, false);
        assertThat(unasked.result()).isEqualTo(Result.MISSING);
        assertThat(unasked.reason()).contains("was not run", "--run-commands");
        assertThat(directory.resolve("ran")).doesNotExist();
        assertThat(room.find(touch, true).result()).isEqualTo(Result.HOLDS);
        assertThat(directory.resolve("ran")).as("in the directory of the file").exists();
    }

    @Test
    void aProgramCountsIfItEndsWell() throws GeneralSecurityException {
        Finding good = sh("echo fine; echo noise >&2");
        assertThat(good.result()).as(good.reason()).isEqualTo(Result.HOLDS);
        assertThat(good.proof().orElseThrow().sha256()).isEqualTo(sha256("fine\n"));
        assertThat(sh("echo fine; exit 3").reason()).contains("ended with 3");
        assertThat(room.find(command(Duration.ofSeconds(20), new Demand("other", ""), "echo", "fine"))
                        .reason())
                .contains("does not contain");
        assertThat(room.find(command(Duration.ofSeconds(20), Demand.NOTHING, "./no-such-program"))
                        .reason())
                .contains("could not be started: IOException");
        assertThat(sh("head -c 5000000 /dev/zero").reason()).contains("wrote more than 4 MiB");
    }

    /** The test's own JVM has many more, credentials of the test's S3 server among them in CI. */
    @Test
    void aProgramGetsNoVariableThatMayHoldASecret() throws IOException {
        Set<String> harmless = Set.of(
                ("PATH HOME USER LOGNAME SHELL LANG LC_ALL TZ TMPDIR LD_LIBRARY_PATH JAVA_HOME KUBECONFIG SSL_CERT_FILE"
                                + " SSL_CERT_DIR TERM NO_COLOR CI")
                        .split(" "));
        var shells = Set.of("PWD", "OLDPWD", "SHLVL", "_");
        assertThat(System.getenv().keySet())
                .as("there is something to hold back")
                .anyMatch(name -> !harmless.contains(name) && !shells.contains(name));
        Finding ran = sh("env > variables");
        assertThat(ran.result()).as(ran.reason()).isEqualTo(Result.HOLDS);
        assertThat(Files.readAllLines(directory.resolve("variables")))
                .map(line -> line.replaceFirst("=.*", ""))
                .contains("PATH")
                .allMatch(name -> harmless.contains(name) || shells.contains(name));
    }

    @Test
    void noShellSeesTheArguments() {
        Finding echoed = room.find(command(Duration.ofSeconds(20), new Demand("$(id); > x", ""), "echo", "$(id); > x"));
        assertThat(echoed.result()).as(echoed.reason()).isEqualTo(Result.HOLDS);
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void aProgramThatDoesNotEndIsStoppedWithAllThatItStarted() throws IOException {
        Finding slow = room.find(
                command(Duration.ofSeconds(10), Demand.NOTHING, "sh", "-c", "sleep 300 & echo $! > child; wait"));
        assertThat(slow.reason()).contains("did not end within 10s");
        long child = Long.parseLong(Files.readString(directory.resolve("child")).strip());
        assertThat(ProcessHandle.of(child).map(ProcessHandle::onExit).map(end -> end.orTimeout(20, TimeUnit.SECONDS)))
                .satisfies(end ->
                        end.ifPresent(wait -> assertThat(wait.join().isAlive()).isFalse()));
    }
}
