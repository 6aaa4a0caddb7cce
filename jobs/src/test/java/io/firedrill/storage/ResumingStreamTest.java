package io.firedrill.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ResumingStream.Body;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bodies that end too early without saying so. */
class ResumingStreamTest {
    private final AtomicInteger openings = new AtomicInteger();

    private InputStream stream(byte[] bytes, int bytesPerBody) {
        return new ResumingStream(
                bytes.length,
                body(bytes, 0, bytesPerBody),
                position -> body(bytes, Math.toIntExact(position), bytesPerBody),
                new Retries(new SplittableRandom(1), wait -> {}),
                (position, cause) -> new TransientFault(
                        new Failure(FailureKind.DEPENDENCY_UNAVAILABLE, "broke at " + position, "Wait.", cause)));
    }

    private Body body(byte[] bytes, int from, int length) {
        openings.incrementAndGet();
        return new Body(new ByteArrayInputStream(bytes, from, length), () -> {});
    }

    @Test
    void anEarlyEndIsNotTheEnd() throws Exception {
        try (var in = stream("0123456789".getBytes(UTF_8), 4)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("0123456789");
        }
        assertThat(openings).hasValue(3);
    }

    @Test
    void patienceEndsWithoutProgress() throws Exception {
        try (var in = stream(new byte[100], 1)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(Failure.class).hasMessageContaining("tried 8 times");
        }
    }

    @Test
    void patienceBeginsAnewWithProgress() throws Exception {
        try (var in = stream(new byte[30 << 20], 1 << 20)) {
            assertThat(in.readAllBytes()).hasSize(30 << 20);
        }
        assertThat(openings).hasValueGreaterThan(20);
    }
}
