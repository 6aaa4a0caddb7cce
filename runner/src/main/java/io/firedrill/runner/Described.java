package io.firedrill.runner;

import java.util.List;

/** What a command's help says beside its options: the settings it uses and the exit codes it may end with. */
interface Described {
    List<Setting> OF_STORE = List.of(Setting.STORE, Setting.S3_ENDPOINT, Setting.S3_REGION, Setting.STORE_KEY);
    List<Setting> OF_SOURCE = List.of(Setting.SOURCE_URI, Setting.SOURCE_URI_FILE, Setting.SOURCE_NAME);
    List<Setting> OF_STAGING = List.of(Setting.STAGING_URI, Setting.STAGING_URI_FILE, Setting.STAGING_ALLOW);
    List<Setting> OF_EPHEMERAL = List.of(Setting.STAGING_DIR, Setting.MONGOD);
    List<Setting> OF_WORKERS =
            List.of(Setting.BROKER_URL, Setting.BROKER_USER, Setting.BROKER_PASSWORD, Setting.BROKER_PASSWORD_FILE);
    List<Setting> OF_JOB_REPOSITORY = List.of(
            Setting.JOB_REPOSITORY_URL,
            Setting.JOB_REPOSITORY_USER,
            Setting.JOB_REPOSITORY_PASSWORD,
            Setting.JOB_REPOSITORY_PASSWORD_FILE);
    List<Setting> OF_RUN = of(List.of(
            List.of(Setting.LANES, Setting.LEASE, Setting.STATE_DIR),
            OF_JOB_REPOSITORY,
            List.of(
                    Setting.LEDGER,
                    Setting.EVIDENCE_KEY,
                    Setting.EVIDENCE_LOCK,
                    Setting.WITNESS_STORE,
                    Setting.OPERATOR,
                    Setting.MODE,
                    Setting.PROGRESS_INTERVAL),
            Setting.NOTIFICATIONS));

    List<Setting> settings();

    List<ExitCode> exitCodes();

    /** What {@code --output} may say. */
    default List<OutputFormat> formats() {
        return List.of(OutputFormat.TEXT, OutputFormat.JSON);
    }

    /** Lists of settings, one after the other. */
    static List<Setting> of(List<List<Setting>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }
}
