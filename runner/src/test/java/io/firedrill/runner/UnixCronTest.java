package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cron as crontab(5) says it, in UTC. 2026-11-28 is a Saturday. */
class UnixCronTest {
    @ParameterizedTest
    @CsvSource({
        "0 2 * * *, 2026-11-28T02:00:00Z, 2026-11-29T02:00:00Z",
        "0 2 * * *, 2026-11-28T01:59:59.999999999Z, 2026-11-28T02:00:00Z",
        "0 4 * * 1, 2026-11-28T12:00:00Z, 2026-11-30T04:00:00Z",
        "0 4 * * 0, 2026-11-28T12:00:00Z, 2026-11-29T04:00:00Z",
        "0 4 * * 7, 2026-11-28T12:00:00Z, 2026-11-29T04:00:00Z",
        "0 4 * * sun, 2026-11-28T12:00:00Z, 2026-11-29T04:00:00Z",
        "*/15 * * * *, 2026-11-28T12:01:00Z, 2026-11-28T12:15:00Z",
        "'5,35 8-17 * * 1-5', 2026-11-28T12:00:00Z, 2026-11-30T08:05:00Z",
        "0 0 29 2 *, 2026-11-28T12:00:00Z, 2028-02-29T00:00:00Z",
        "0 3 1 jan *, 2026-11-28T12:00:00Z, 2027-01-01T03:00:00Z",
        // Either day is enough: the 15th, or a Monday.
        "0 4 15 * 1, 2026-12-01T00:00:00Z, 2026-12-07T04:00:00Z",
        "0 4 15 * 1, 2026-12-14T05:00:00Z, 2026-12-15T04:00:00Z"
    })
    void anExpressionIsDueWhenCronSaysSo(String expression, Instant after, Instant due) {
        assertThat(UnixCron.isValid(expression)).isTrue();
        assertThat(new UnixCron().next(expression, after)).hasValue(due);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 2 * *",
                "0 0 2 * * *",
                "60 2 * * *",
                "0 24 * * *",
                "0 2 32 * *",
                "0 2 * 13 *",
                "0 2 L * *",
                "0 2 15W * *",
                "0 2 ? * *",
                "0 2 * * 5#2",
                "@daily",
                "0 2 31 2 *",
                "0 2 */2 * 1",
                "0 2 1 * */2",
                "a b c d e"
            })
    void whatNoCrontabWouldDoIsRefused(String expression) {
        assertThat(UnixCron.isValid(expression)).isFalse();
    }
}
