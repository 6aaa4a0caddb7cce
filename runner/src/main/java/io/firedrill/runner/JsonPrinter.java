package io.firedrill.runner;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes each result as one JSON document in one line, the schema's version first; fields are only ever added. */
final class JsonPrinter implements Printer {
    static final int SCHEMA_VERSION = 1;

    private final JsonMapper mapper = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();
    private final PrintStream out;

    private final Supplier<Map<String, String>> besides;

    JsonPrinter(PrintStream out) {
        this(out, Map::of);
    }

    /**
     * @param besides fields that follow the result, such as the checkpoint over the record of its run, if it left one
     */
    JsonPrinter(PrintStream out, Supplier<Map<String, String>> besides) {
        this.out = out;
        this.besides = besides;
    }

    @Override
    public void backup(BackupRequest request, BackupResult result) {
        write(result);
    }

    @Override
    public void seal(SealResult result) {
        write(result);
    }

    @Override
    public void restore(RestoreRequest request, RestoreResult result) {
        write(result);
    }

    @Override
    public void verify(VerifyResult result) {
        write(result);
    }

    @Override
    public void prune(PruneResult result) {
        write(result);
    }

    @Override
    public void hold(HoldResult result) {
        write(result);
    }

    @Override
    public void keysCreated(KeyFiles.Created created) {
        write(created);
    }

    @Override
    public void keys(KeysResult result) {
        write(result);
    }

    @Override
    public void archive(ArchiveResult result) {
        write(result);
    }

    @Override
    public void worker(WorkerResult result) {
        write(result);
    }

    @Override
    public void oplog(OplogShowResult result) {
        write(result);
    }

    @Override
    public void compact(CompactResult result) {
        write(result);
    }

    @Override
    public void rehearsal(RehearseResult result) {
        write(result);
    }

    @Override
    public void release(ReleaseResult result) {
        write(result);
    }

    @Override
    public void status(StatusResult result) {
        write(result);
    }

    @Override
    public void metrics(MetricsResult result) {
        write(result.document());
    }

    @Override
    public void backups(List<BackupLine> backups) {
        write(new Backups(backups));
    }

    @Override
    public void clean(CleanResult result) {
        write(result);
    }

    @Override
    public void evidence(EvidenceResult result) {
        write(result);
    }

    @Override
    public void settings(Map<Setting, Given> given) {
        settingsWithOrigins(given);
    }

    @Override
    public void settingsWithOrigins(Map<Setting, Given> given) {
        write(new Effective(given.values().stream().map(JsonPrinter::line).toList()));
    }

    void migrations(MigrationsResult result) {
        write(result);
    }

    void readiness(ReadinessResult result) {
        write(result);
    }

    void doctor(DoctorResult result) {
        write(result);
    }

    void secrets(SecretsResult result) {
        write(result);
    }

    void manifests(ManifestsResult result) {
        write(result);
    }

    /** The command that makes a role, as the server takes it. */
    void role(String principal, String command) {
        write(new RoleLine(principal, mapper.readTree(command)));
    }

    private static SettingLine line(Given given) {
        boolean absent = given.text() == null && !given.setting().secret();
        return new SettingLine(
                given.setting().key(),
                absent ? null : given.shown(),
                given.origin().text());
    }

    /** An error is a document too, but for stderr. */
    void error(ErrorLine error) {
        write(new ErrorDocument(error));
    }

    private void write(Object result) {
        ObjectNode document = mapper.createObjectNode().put("schemaVersion", SCHEMA_VERSION);
        document.setAll((ObjectNode) mapper.valueToTree(result));
        besides.get().forEach(document::put);
        out.println(mapper.writeValueAsString(document));
    }

    private record Backups(List<BackupLine> backups) {}

    private record Effective(List<SettingLine> settings) {}

    private record SettingLine(String key, @Nullable String value, String origin) {}

    private record RoleLine(String principal, JsonNode command) {}

    private record ErrorDocument(ErrorLine error) {}

    /** What went wrong, in the words and numbers of the text output. */
    record ErrorLine(String kind, String message, String hint, int exitCode) {}
}
