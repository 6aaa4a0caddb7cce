package io.firedrill.monitoring;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A collector of OpenTelemetry that takes gauges over HTTP, as protobuf. Micrometer writes what is sent and sends nothing itself: its
 * registry would log a failure and go on, and publish from a thread of its own.
 */
public final class OtlpCollector {
    private static final String PATH = "/v1/metrics";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final Duration NEVER = Duration.ofDays(1);

    private final Receiver receiver;

    /**
     * Fails with {@code CONFIGURATION_INVALID} as {@link Pushgateway} does.
     *
     * @param address with {@code /v1/metrics} at its end, or without
     */
    public OtlpCollector(URI address, Optional<Login> login) {
        this(address, login, WebCall.platform());
    }

    OtlpCollector(URI address, Optional<Login> login, SSLContext tls) {
        this.receiver = new Receiver("the OTLP collector", "https://collector:4318", address, login, tls);
    }

    /**
     * Sends gauges.
     *
     * @param instance whose figures these are
     * @param at when they were read
     */
    public void send(String instance, Collection<Sample> samples, Instant at) {
        String base = receiver.base();
        URI address = URI.create(base.endsWith(PATH) ? base : base + PATH);
        // There is more than one for very many gauges only.
        for (byte[] request : requests(instance, samples, at)) {
            HttpResponse<byte[]> answer = receiver.send(HttpRequest.newBuilder(address)
                    .header("Content-Type", PROTOBUF)
                    .POST(BodyPublishers.ofByteArray(request)));
            if (answer.headers().firstValue("Content-Type").orElse("").startsWith(PROTOBUF)) {
                judge(answer.body());
            }
        }
    }

    /** A collector that takes a part says so with an answer of success. */
    private void judge(byte[] answer) {
        ExportMetricsPartialSuccess part;
        try {
            part = ExportMetricsServiceResponse.parseFrom(answer).getPartialSuccess();
        } catch (InvalidProtocolBufferException _) {
            throw receiver.unavailable("answered what no collector answers");
        }
        if (part.getRejectedDataPoints() > 0) {
            throw receiver.unavailable("did not take %d of the figures: %s"
                    .formatted(part.getRejectedDataPoints(), Attempt.firstLine(part.getErrorMessage())));
        }
    }

    private static List<byte[]> requests(String instance, Collection<Sample> samples, Instant at) {
        var written = new ArrayList<byte[]>();
        OtlpMeterRegistry registry = OtlpMeterRegistry.builder(config(instance))
                .clock(fixed(at))
                // What it would do by itself and in between is not done.
                .threadFactory(_ -> Thread.ofVirtual().unstarted(() -> {}))
                .metricsSender(request -> written.add(request.getMetricsData()))
                .build();
        try {
            Gauges.register(registry, samples, Metric::unit);
        } finally {
            // It hands out what it holds when it is closed.
            registry.close();
        }
        if (written.isEmpty() && !samples.isEmpty()) {
            throw new IllegalStateException("Micrometer wrote nothing");
        }
        return written;
    }

    /** What Micrometer would else take from the environment is said here, so that nothing is sent that nobody here asked for. */
    private static OtlpConfig config(String instance) {
        return new OtlpConfig() {
            @Override
            public @Nullable String get(String key) {
                return null;
            }

            @Override
            public Map<String, String> resourceAttributes() {
                return Map.of("service.name", Pushgateway.JOB, "service.instance.id", instance);
            }

            @Override
            public Map<String, String> headers() {
                return Map.of();
            }

            @Override
            public Duration step() {
                return NEVER;
            }
        };
    }

    private static Clock fixed(Instant at) {
        return new Clock() {
            @Override
            public long wallTime() {
                return at.toEpochMilli();
            }

            @Override
            public long monotonicTime() {
                return 0;
            }
        };
    }
}
