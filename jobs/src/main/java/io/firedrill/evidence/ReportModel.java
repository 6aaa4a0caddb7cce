package io.firedrill.evidence;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the report's template shows, as maps of plain texts: the template escapes every one of them. */
final class ReportModel {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final RunRecord record;
    private final JsonNode json;

    ReportModel(RunRecord record) {
        this.record = record;
        this.json = record.json();
    }

    Map<String, Object> values() {
        var values = new HashMap<String, Object>();
        values.put("kind", kind());
        values.put("recovers", record.kind().recovers());
        values.put("backs", record.kind() == RunKind.BACKUP);
        values.put("day", DAY.format(record.startedAt()));
        values.put("tone", record.outcome().name().toLowerCase(Locale.ROOT));
        values.put("verdict", record.verdict());
        values.put("lead", Lead.of(record));
        values.put("message", record.message());
        values.put("hint", text("/result/hint"));
        values.put("rto", new RtoBar(record).values());
        values.put("figures", new Figures(record).list());
        values.put("point", point());
        values.put("chart", new PhaseChart(json).values());
        values.put("sums", sums());
        values.put("rehearsal", new RehearsalMatrix(record).values());
        values.put("release", new ReleaseTable(record).values());
        values.put("checks", checks());
        values.put("collections", collections());
        values.put("excluded", fields("/scope/excluded", "namespace", "reason"));
        values.put("renamed", fields("/scope/renamed", "from", "to"));
        values.put(
                "notTested",
                json.at("/verification/notTested")
                        .valueStream()
                        .map(node -> node.asString(""))
                        .toList());
        values.put("parties", parties());
        values.put("details", details());
        values.put("parameters", entries("/run/parameters"));
        values.put("notes", entries("/notes"));
        values.put("record", recordPlace());
        values.put("checkpoint", "");
        return values;
    }

    private String kind() {
        return switch (record.kind()) {
            case BACKUP -> "Backup";
            case RESTORE -> "Restore";
            case DRILL -> "Restore drill";
            case VERIFY -> "Verification of the store";
            case STAGING_CLEAN -> "Cleaning of staging";
            case PRUNE -> "Retention";
            case ARCHIVE -> "Oplog archive";
            case SEAL -> "Seal";
            case COMPACT -> "Compaction of the archive";
            case REHEARSAL -> "Rehearsal of migrations";
            case APPLY -> "Migrations applied";
            case ROLLBACK -> "Migrations taken back";
            case REWRAP -> "Rotation of keys";
            case LEGAL_HOLD -> "Legal hold";
            case RECONCILE -> "Schedule";
            case MISSED -> "Missed run";
        };
    }

    private List<Map<String, String>> point() {
        var point = new ArrayList<Map<String, String>>();
        add(point, "Backup", text("/backup/backupId"));
        String optime = text("/backup/consistencyPoint");
        add(point, "Consistency point", optime.isEmpty() ? "" : optime + "  " + text("/backup/consistencyTime"));
        if (json.has("point")) {
            add(point, "Point asked for", text("/point/asked"));
            add(point, "Chosen", text("/point/chosen"));
            add(point, "Point reached", text("/point/reached") + "  " + text("/point/reachedAt"));
            add(point, "Entries replayed", Units.count(json.at("/point/entries").asLong(0)));
            add(point, "Proof of the point", text("/point/proof"));
        }
        return point;
    }

    /** How the recovery time adds up; empty where there is none. */
    private List<Map<String, String>> sums() {
        var sums = new ArrayList<Map<String, String>>();
        JsonNode rto = json.at("/measurement/rto");
        if (rto.path("actualSeconds").isNumber()) {
            sums.add(pair("Phases inside RTO", seconds(rto, "phasesSeconds")));
            sums.add(pair("Between phases", seconds(rto, "unattributedSeconds")));
            sums.add(pair("Recovery time", seconds(rto, "actualSeconds")));
        }
        sums.add(pair("Whole run", Units.duration(record.elapsedSeconds())));
        return sums;
    }

    private List<Map<String, String>> checks() {
        return json.at("/verification/checks")
                .valueStream()
                .map(check -> {
                    Map<String, String> row = texts(check, "id", "method", "expected", "observed", "result", "detail");
                    row.put("matched", Units.count(check.path("matched").asLong(0)));
                    row.put("population", Units.count(check.path("population").asLong(0)));
                    return row;
                })
                .sorted(worstFirst())
                .toList();
    }

    private List<Map<String, String>> collections() {
        return json.at("/verification/collections")
                .valueStream()
                .map(ReportModel::collection)
                .sorted(worstFirst())
                .toList();
    }

    private static Map<String, String> collection(JsonNode fact) {
        Map<String, String> row = texts(fact, "namespace", "kind", "digest", "result");
        String digest = fact.path("digest").asString("");
        row.put("digestShort", digest.length() > 12 ? digest.substring(0, 12) + "\u2026" : digest);
        row.put("documents", Units.count(fact.path("documents").asLong(0)));
        row.put("bytes", Units.bytes(fact.path("bytesRaw").asLong(0)));
        row.put("indexes", Units.count(fact.path("indexes").asLong(0)));
        row.put("segments", Units.count(fact.path("segments").asLong(0)));
        row.put("segmentsEqual", Units.count(fact.path("segmentsEqual").asLong(0)));
        return row;
    }

    /** What needs a look comes first; the rest keeps its order. */
    private static Comparator<Map<String, String>> worstFirst() {
        var order = List.of("FAILED", "SKIPPED", "PASSED");
        return Comparator.comparingInt(row -> order.indexOf(row.get("result")));
    }

    private List<Map<String, Object>> parties() {
        var parties = new ArrayList<Map<String, Object>>();
        party("Source", json.at("/environment/source"), parties);
        party("Target", json.at("/environment/target"), parties);
        return parties;
    }

    private void party(String role, JsonNode party, List<Map<String, Object>> parties) {
        if (!party.isObject()) {
            return;
        }
        var facts = new ArrayList<Map<String, String>>();
        facts.add(pair("Name", party.path("name").asString("")));
        facts.add(pair("Replica set", party.path("replicaSet").asString("")));
        facts.add(pair("Replica set id", party.path("replicaSetId").asString("")));
        String hosts = String.join(
                "\n",
                party.path("hosts").valueStream().map(host -> host.asString("")).toList());
        facts.add(pair("Hosts", hosts));
        facts.add(pair(
                "Server",
                "%s, feature compatibility %s"
                        .formatted(
                                party.path("version").asString(""),
                                party.path("featureCompatibilityVersion").asString(""))));
        if (party.has("emptyBefore")) {
            facts.add(pair("Empty before", yesNo(party.path("emptyBefore"))));
        }
        parties.add(Map.of("role", role, "facts", facts));
    }

    private List<Map<String, String>> details() {
        var details = new ArrayList<Map<String, String>>();
        add(details, "Manifest", text("/backup/manifest"));
        add(details, "Manifest SHA-256", text("/backup/manifestSha256"));
        add(details, "Operator", text("/who/operator") + " (" + text("/run/mode") + ")");
        add(details, "Executor", "%s on %s".formatted(text("/who/executor/version"), text("/who/executor/host")));
        add(details, "Started", text("/when/startedAt"));
        add(details, "Finished", text("/when/finishedAt"));
        JsonNode segregation = json.at("/environment/segregation");
        if (segregation.isObject()) {
            add(details, "Different replica sets", yesNo(segregation.path("differentReplicaSetId")));
            add(details, "Different hosts", yesNo(segregation.path("differentHosts")));
        }
        add(details, "Recovery time is", text("/measurement/rto/definition"));
        add(details, "Recovery point age is", text("/measurement/rpo/definition"));
        add(details, "Staging afterwards", disposal());
        add(details, "Exit code", json.at("/result/exitCode").asString("none: the process ended without a word"));
        return details;
    }

    private String disposal() {
        String method = text("/disposal/method");
        return method.isEmpty() ? "" : method + ": " + text("/disposal/result");
    }

    private Map<String, String> recordPlace() {
        var place = new LinkedHashMap<String, String>();
        place.put("key", record.key());
        place.put("file", record.key().substring(record.key().lastIndexOf('/') + 1));
        place.put("recordId", record.recordId());
        place.put("runId", record.runId());
        place.put("ledger", record.ledgerId());
        place.put("seq", Long.toString(record.seq()));
        place.put("sha256", record.sha256());
        place.put("keyId", record.entry().keyId());
        place.put("prev", record.prev().isEmpty() ? "none, this is the first record" : record.prev());
        place.put("recordedAt", record.recordedAt().toString());
        return place;
    }

    private List<Map<String, String>> entries(String pointer) {
        return json.at(pointer).properties().stream()
                .map(entry -> pair(entry.getKey(), entry.getValue().asString("")))
                .toList();
    }

    private List<Map<String, String>> fields(String pointer, String name, String value) {
        return json.at(pointer)
                .valueStream()
                .map(node -> pair(node.path(name).asString(""), node.path(value).asString("")))
                .toList();
    }

    private static void add(List<Map<String, String>> rows, String name, String value) {
        if (!value.isEmpty()) {
            rows.add(pair(name, value));
        }
    }

    private static Map<String, String> pair(String name, String value) {
        return Map.of("name", name, "value", value.isEmpty() ? "\u2013" : value);
    }

    private static Map<String, String> texts(JsonNode node, String... names) {
        var texts = new HashMap<String, String>();
        for (String name : names) {
            texts.put(name, node.path(name).asString(""));
        }
        return texts;
    }

    private static String yesNo(JsonNode node) {
        return node.asBoolean(false) ? "yes" : "no";
    }

    private static String seconds(JsonNode node, String field) {
        return Units.duration(node.path(field).asDouble(0));
    }

    private String text(String pointer) {
        return json.at(pointer).asString("");
    }
}
