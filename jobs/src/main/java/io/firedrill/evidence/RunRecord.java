package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A run as the ledger tells it: the record's bytes are the truth, everything else is read out of them. */
public final class RunRecord {
    /** The exit code of a run whose process ended without one. */
    public static final int NO_EXIT_CODE = -1;

    private final LedgerEntry entry;
    private final ObjectNode json;

    RunRecord(LedgerEntry entry) {
        this.entry = entry;
        this.json = entry.predicate();
    }

    /** The record of any kind that this run was read from. */
    public LedgerEntry entry() {
        return entry;
    }

    public String recordId() {
        return text("/identity/recordId");
    }

    public String ledgerId() {
        return text("/identity/ledgerId");
    }

    public long seq() {
        return json.at("/identity/seq").asLong(0);
    }

    /** The SHA-256 of the previous record's envelope; empty for the first. */
    public String prev() {
        return text("/identity/prev");
    }

    public String key() {
        return entry.key();
    }

    public String reportKey() {
        return "reports/%s/%012d.html".formatted(ledgerId(), seq());
    }

    public String runId() {
        return text("/run/runId");
    }

    public RunKind kind() {
        String word = text("/run/kind");
        return RunKind.named(word)
                .orElseThrow(() -> new Failure(
                        FailureKind.FORMAT_TOO_NEW,
                        "the record %s is of the kind %s, unknown to this version".formatted(key(), word),
                        "Read it with the Firedrill that wrote it, or a newer one."));
    }

    /** Whether it is of this kind; one of a kind that only a newer version knows is of none. */
    public boolean is(RunKind wanted) {
        return wanted.word().equals(text("/run/kind"));
    }

    public Outcome outcome() {
        return Outcome.valueOf(text("/result/outcome"));
    }

    /** The verdict in the word people say: "PROVEN", "SEALED", "PROVEN, RTO MISSED", "FAILED". */
    public String verdict() {
        return text("/result/verdict");
    }

    public Instant startedAt() {
        return Instant.parse(text("/when/startedAt"));
    }

    public Instant finishedAt() {
        return Instant.parse(text("/when/finishedAt"));
    }

    public Instant recordedAt() {
        return Instant.parse(text("/when/recordedAt"));
    }

    /** By what a period has it: when it was recorded; a run that was missed, by when it was due, whenever somebody put that on record. */
    public Instant dated() {
        return optional("/slot/due").map(Instant::parse).orElseGet(this::recordedAt);
    }

    public double elapsedSeconds() {
        return json.at("/when/elapsedSeconds").asDouble(0);
    }

    /** Whether something of the backup was left out on purpose, so that this is no proof of all of it. */
    public boolean isPartial() {
        return json.at("/scope/partial").asBoolean(false);
    }

    public Optional<String> backupId() {
        return optional("/backup/backupId");
    }

    /** The moment that the backup of this run stands for. */
    public Optional<Instant> consistencyTime() {
        return optional("/backup/consistencyTime").map(Instant::parse);
    }

    /** Empty if the run never got to verified and ready. */
    public OptionalDouble rtoSeconds() {
        return number("/measurement/rto/actualSeconds");
    }

    /** Bytes of the data, uncompressed, that were recovered in each second of the recovery time; empty without either. */
    public OptionalDouble bytesPerSecond() {
        OptionalDouble seconds = rtoSeconds();
        double bytes = json().at("/scope/bytesRaw").asDouble(0);
        return seconds.isPresent() && seconds.getAsDouble() > 0 && bytes > 0
                ? OptionalDouble.of(bytes / seconds.getAsDouble())
                : OptionalDouble.empty();
    }

    /** The part of the recovery time that no phase covers; phases inside it and this add up to the whole. */
    public OptionalDouble rtoUnattributedSeconds() {
        return number("/measurement/rto/unattributedSeconds");
    }

    /** What the recovery time is of, where that could be taken for more than it is. */
    public Optional<String> rtoScope() {
        return optional("/measurement/rto/scope");
    }

    public OptionalDouble rtoTargetSeconds() {
        return number("/objectives/rtoSeconds");
    }

    /** True only where there was a target and the measured time is within it. */
    public boolean rtoMet() {
        return json.at("/result/rtoMet").asBoolean(false);
    }

    public OptionalDouble rpoSeconds() {
        return number("/measurement/rpo/actualSeconds");
    }

    public OptionalDouble rpoTargetSeconds() {
        return number("/objectives/rpoSeconds");
    }

    /** True only where there was a target and the recovery point is young enough. */
    public boolean rpoMet() {
        return json.at("/result/rpoMet").asBoolean(false);
    }

    /** What a rehearsal of migrations found. */
    public Optional<RehearsalFacts> rehearsal() {
        JsonNode node = json.path("rehearsal");
        return node.isObject() ? Optional.of(Json.value(node, key(), RehearsalFacts.class)) : Optional.empty();
    }

    /** What was applied or taken back. */
    public Optional<ReleaseFacts> release() {
        JsonNode node = json.path("release");
        return node.isObject() ? Optional.of(Json.value(node, key(), ReleaseFacts.class)) : Optional.empty();
    }

    /** What a run noted under a name. */
    public Optional<String> note(String name) {
        return optional("/notes/" + name);
    }

    /** The phases of every attempt in the order they ended. */
    public List<Phase> phases() {
        return json.at("/measurement/phases")
                .valueStream()
                .map(RunRecord::phase)
                .toList();
    }

    public long checksPassed() {
        return json.at("/verification/passed").asLong(0);
    }

    public long checks() {
        return json.at("/verification/checks").size();
    }

    public long documents() {
        return json.at("/scope/documents").asLong(0);
    }

    public String message() {
        return text("/result/message");
    }

    /** What the process left with; {@link #NO_EXIT_CODE} if it ended without a word. */
    public int exitCode() {
        return json.at("/result/exitCode").asInt(NO_EXIT_CODE);
    }

    /** What is stated of the run: the predicate of the statement. */
    public JsonNode json() {
        return json.deepCopy();
    }

    /** The SHA-256 of the object in the store. */
    public String sha256() {
        return entry.sha256();
    }

    /** Where the manifest of the backup lies that this run made or used. */
    public Optional<String> manifest() {
        return optional("/backup/manifest");
    }

    public String manifestSha256() {
        return text("/backup/manifestSha256");
    }

    private static Phase phase(JsonNode node) {
        return new Phase(
                node.path("name").asString(""),
                node.path("attempt").asInt(1),
                Instant.parse(node.path("begin").asString("")),
                Duration.ofNanos(Math.round(node.path("seconds").asDouble(0) * 1e9)),
                node.path("insideRto").asBoolean(false),
                node.path("failed").asBoolean(false));
    }

    private String text(String pointer) {
        return optional(pointer).orElse("");
    }

    private Optional<String> optional(String pointer) {
        JsonNode node = json.at(pointer);
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }

    private OptionalDouble number(String pointer) {
        JsonNode node = json.at(pointer);
        return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
