package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.monitoring.MetricsFile;
import io.firedrill.monitoring.OtlpCollector;
import io.firedrill.monitoring.Pushgateway;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill metrics}. */
@Command(
        name = "metrics",
        description =
                "Write how things stand as gauges: to stdout, a file, a Pushgateway, an OTLP collector, or a page.",
        footer = {
            "  firedrill metrics                                              # the exposition format on stdout",
            "  firedrill metrics --textfile /var/lib/node_exporter/firedrill.prom",
            "  firedrill metrics --push https://pushgateway:9091              # FIREDRILL_PUSH_PASSWORD is in the environment",
            "  firedrill metrics --otlp https://collector:4318                # OpenTelemetry over HTTP",
            "  firedrill metrics --listen 127.0.0.1:9464                      # for Prometheus to scrape",
            "  firedrill metrics --output json | jq '.samples[]'",
            "It reads the store alone, and says what 'firedrill status' says. What was never measured is absent, not 0."
        })
final class MetricsCommand implements Callable<Integer>, Described {
    private static final Pattern HOST_AND_PORT = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+]):(\\d{1,5})");

    private final Session session;

    @Option(
            names = "--textfile",
            paramLabel = "FILE",
            description = "Write to this file, whole or not at all, for node_exporter's textfile collector: NAME.prom.")
    private @Nullable Path file;

    @Option(
            names = "--push",
            paramLabel = "URL",
            description = "Send to this Pushgateway, in the place of what was sent before.")
    private @Nullable URI gateway;

    @Option(
            names = "--otlp",
            paramLabel = "URL",
            description =
                    "Send to this collector of OpenTelemetry, over HTTP; /v1/metrics is added if it is not there.")
    private @Nullable URI collector;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "With --push or --otlp, whose figures these are. Default: the place in the store.")
    private @Nullable String instance;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Show them at http://HOST:PORT/metrics until told to stop. There is no password.")
    private @Nullable String listen;

    MetricsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (gateway == null && collector == null && instance != null) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--instance is given without --push or --otlp",
                    "Leave it out, or add --push URL or --otlp URL.");
        }
        if (listen != null) {
            return listen(listen);
        }
        // Before the store is read: what cannot be written to is said at once.
        Optional<MetricsFile> textfile =
                Optional.ofNullable(file).map(session::resolve).map(MetricsFile::new);
        Optional<Pushgateway> push =
                Optional.ofNullable(gateway).map(address -> new Pushgateway(address, session.login()));
        Optional<OtlpCollector> otlp =
                Optional.ofNullable(collector).map(address -> new OtlpCollector(address, session.login()));
        MetricsResult result;
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            result = operations.metrics();
        }
        textfile.ifPresent(to -> to.write(result.text()));
        String whose = instance == null ? result.instance() : instance;
        push.ifPresent(to -> to.put(whose, result.text()));
        otlp.ifPresent(to -> to.send(whose, result.samples(), result.at()));
        if (textfile.isEmpty() && push.isEmpty() && otlp.isEmpty()) {
            session.printer().metrics(result);
        }
        return ExitCode.OK.code();
    }

    private int listen(String where) {
        if (file != null || gateway != null || collector != null) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--listen is given with --textfile, --push or --otlp",
                    "Choose one: figures that are scraped need not be sent.");
        }
        InetSocketAddress address = address(where);
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.listen(address, operations);
        }
        return ExitCode.OK.code();
    }

    private static InetSocketAddress address(String where) {
        Matcher parts = HOST_AND_PORT.matcher(where);
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : -1;
        if (port < 0 || port > 65_535) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--listen is '%s', which is no HOST:PORT".formatted(where),
                    "Give, for example, 127.0.0.1:9464.");
        }
        return new InetSocketAddress(parts.group(1), port);
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(
                StatusCommand.SETTINGS, List.of(Setting.PUSH_USER, Setting.PUSH_PASSWORD, Setting.PUSH_PASSWORD_FILE)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return StatusCommand.EXIT_CODES;
    }
}
