package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Values that make no sense: each is named with its setting, its origin and an example, a secret without its value. */
class BadSettingsTest {
    private GivenSettings given = new GivenSettings(Path.of(""));

    @BeforeEach
    void begin(@TempDir Path directory) {
        given = new GivenSettings(directory);
    }

    @Test
    void aBrokerWithoutASharedJobRepositoryIsRefused() {
        given.environment.put("FIREDRILL_BROKER_URL", "tcp://localhost:61616");
        assertThatThrownBy(given::read)
                .hasMessage("broker-url is set, and job-repository-url is not")
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.hint()).contains("FIREDRILL_JOB_REPOSITORY_URL"));
        given.environment.put("FIREDRILL_JOB_REPOSITORY_URL", "jdbc:postgresql://db/jobs");
        assertThat(given.read().broker().orElseThrow().url()).isEqualTo("tcp://localhost:61616");
        given.environment.put("FIREDRILL_BROKER_USER", "firedrill");
        assertThatThrownBy(given::read).hasMessage("of broker-user and broker-password only one is set");
    }

    @ParameterizedTest
    @CsvSource({
        "STORE, ftp://host/dir",
        "STORE, s3:///prefix",
        "STORE, file://host/dir",
        "STORE, file:///",
        "STORE, backups",
        "STORE, s3://bucket/a?b",
        "STORE, s3://bucket/a#b",
        "STORE, s3://bu cket",
        "STORE, file:dir",
        "S3_ENDPOINT, minio:9000",
        "S3_ENDPOINT, ftp://minio",
        "S3_ENDPOINT, http:///x",
        "SOURCE_NAME, ../up",
        "LEDGER, a/b",
        "STAGING_ALLOW, 'a,,b'",
        "EXCLUDE, shop",
        "EXCLUDE, .cache",
        "BROKER_URL, amqp://broker:5672",
        "BROKER_URL, tcp://broker.example.com:61616",
        "LANES, 0",
        "LANES, 65",
        "LANES, many",
        "LANES, -1",
        "LEASE, 60",
        "LEASE, 0s",
        "EVIDENCE_LOCK, 3651d",
        "EVIDENCE_LOCK, always",
        "RTO_TARGET, soon",
        "RPO_TARGET, PT",
        "RPO_TARGET, -PT5M",
        "PROGRESS_INTERVAL, 99999999999999999999d",
        "PROGRESS_INTERVAL, 9999999999999999d",
        "READ_FROM, tertiary",
        "READ_FROM, db2",
        "READ_LIMIT, 50",
        "READ_LIMIT, 0MB/s",
        "READ_LIMIT, 1.5MB/s",
        "WRITE_LATENCY_MAX, 0ms",
        "WRITE_LATENCY_MAX, never",
        "REREAD_SHARE, 5",
        "REREAD_SHARE, 0%",
        "REREAD_SHARE, 101%",
        "MODE, Manual",
        "NOTIFY_SMTP, mail.example.com:25",
        "NOTIFY_SMTP, https://mail.example.com",
        "NOTIFY_SMTP, smtp://mail.example.com:0",
        "NOTIFY_SMTP, smtp://mail.example.com:65536",
        "NOTIFY_SMTP, smtp://mail.example.com/path",
        "NOTIFY_SMTP, smtp://mail.example.com?x=y",
        "NOTIFY_MAIL_FROM, jane",
        "NOTIFY_MAIL_FROM, Jane <jane@example.com>",
        "NOTIFY_MAIL_TO, 'jane@example.com,,joe@example.com'",
        "NOTIFY_MAIL_TO, jane@example.com joe@example.com",
        "JOB_REPOSITORY_URL, jdbc:h2:mem:x"
    })
    void aBadValueIsNamedWithItsSettingItsOriginAndAnExample(Setting setting, String value) {
        given.environment.put(setting.environment(), value);
        assertThat(given.failure().text())
                .startsWith(setting.key() + " is '" + value + "' (environment variable " + setting.environment())
                .contains(" but must be ");
        assertThat(given.failure().hint())
                .isEqualTo("Give, for example, --" + setting.key() + " " + setting.example() + ".");
    }

    @Test
    void aSenderWithALineBreakIsNone() {
        given.environment.put("FIREDRILL_NOTIFY_MAIL_FROM", "jane@example.com\nBcc: evil@example.com");
        assertThat(given.failure().text()).contains("notify-mail-from", " but must be an address such as ");
    }

    @Test
    void aDirectoryThatCannotBeOneIsABadValue() {
        given.environment.put("FIREDRILL_STATE_DIR", "a\0b");
        assertThat(given.failure().text()).contains("must be a directory");
        given.environment.put("FIREDRILL_STATE_DIR", "relative");
        assertThat(given.read().stateDir()).isEqualTo(given.directory.resolve("relative"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SOURCE_URI", "STAGING_URI"})
    void aBadSecretIsNamedWithoutItsValue(Setting setting) {
        given.environment.put(setting.environment(), "postgres://u:Pa55word@host");
        assertThat(given.failure().text()).contains(setting.key(), "mongodb://").doesNotContain("Pa55word");
        assertThat(given.failure().hint()).contains(setting.environment() + "=");
    }

    @ParameterizedTest
    @CsvSource({
        "STORE, s3://AKIA:Pa55word@bucket/prefix",
        "S3_ENDPOINT, https://u:Pa55word@minio",
        "NOTIFY_SMTP, smtp://u:Pa55word@mail.example.com:587",
        "JOB_REPOSITORY_URL, jdbc:postgresql://db/x?user=u&password=Pa55word"
    })
    void anAddressWithCredentialsIsRefusedWithoutRepeatingThem(Setting setting, String value) {
        given.flags.put(setting, value);
        assertThat(given.failure().text()).contains(setting.key(), "flag --").doesNotContain("Pa55word");
        assertThat(given.failure().hint()).doesNotContain("Pa55word");
    }

    @ParameterizedTest
    @CsvSource({
        "NOTIFY_SMTP, notify-smtp is not set",
        "NOTIFY_MAIL_FROM, notify-mail-from is not set",
        "NOTIFY_MAIL_TO, notify-mail-to is not set",
        "NOTIFY_SMTP_USER, only one is set",
        "NOTIFY_SMTP_PASSWORD, only one is set"
    })
    void aPartOfWhatEmailNeedsIsNotEnough(Setting missing, String said) {
        for (Setting setting : Setting.NOTIFICATIONS) {
            if (setting.key().matches("notify-(smtp|mail).*") && !setting.key().endsWith("-file")) {
                given.environment.put(setting.environment(), setting.example());
            }
        }
        assertThat(given.read().notifications().mail()).isPresent();
        given.environment.remove(missing.environment());
        assertThat(given.failure().text()).contains(said);
    }
}
