import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.Document;

/**
 * Tells what scripts/bench measured: {@code BenchReport.java RESULTS text|json MEGABYTES RUNS}.
 *
 * <p>RESULTS has one line for each run: name, exit code, wall clock in ms, the process's user and system seconds, the
 * server's CPU in ms, and the path its other files begin with. Of the runs that ended well the fastest counts.
 */
final class BenchReport {
    private static final Pattern COLLECTED = Pattern.compile("Pause .* (\\d+)M->");

    private BenchReport() {}

    /** What two subjects are compared by; an absent subject of ours is left out. */
    private record Group(String title, String ours, List<String> others) {}

    private static final List<Group> GROUPS = List.of(
            new Group("Backup into a folder", "backup", List.of("pbm-backup", "mongodump-gzip", "mongodump-zstd", "mongodump-zstd-default", "mongodump")),
            new Group("Backup into S3", "backup-s3", List.of("mongodump-gzip", "mongodump-zstd", "mongodump-zstd-default", "mongodump")),
            new Group("Second backup of unchanged data, against the first", "backup-again", List.of("backup")),
            new Group("After 0.1 % changed, next to one another", "backup-near", List.of("backup")),
            new Group("After 0.1 % changed, spread evenly", "backup-spread", List.of("backup")),
            new Group("Encrypted backup, against one in the clear", "backup-encrypted", List.of("backup")),
            new Group("Encrypted restore, against one in the clear", "restore-encrypted", List.of("restore")),
            new Group("Second backup into S3, against the first", "backup-s3-again", List.of("backup-s3")),
            new Group("Restore: load and index", "restore/load", List.of("mongorestore")),
            new Group("Restore: whole process, with check and proof", "restore", List.of("mongorestore", "pbm-restore")),
            new Group("Proof, against load and index", "restore/verify", List.of("restore/load")),
            new Group("Drill in an ephemeral staging: load and index", "ephemeral/load", List.of("mongorestore")),
            new Group("Drill in an ephemeral staging: whole process", "ephemeral", List.of("mongorestore")),
            new Group("Restore to a moment: whole process", "moment", List.of("moment-mongorestore")),
            new Group("Tiny documents: backup", "tiny-backup", List.of("tiny-mongodump-gzip", "tiny-mongodump-zstd", "tiny-mongodump")),
            new Group("Tiny documents: second backup, against the first", "tiny-backup-again", List.of("tiny-backup")),
            new Group("Tiny documents: restore", "tiny-restore", List.of("tiny-mongorestore")),
            new Group("Many collections: backup", "many-backup", List.of("many-mongodump-gzip", "many-mongodump-zstd", "many-mongodump")),
            new Group("Many collections: restore", "many-restore", List.of("many-mongorestore")));

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("backup", "firedrill backup"),
            Map.entry("backup-again", "firedrill backup, second"),
            Map.entry("backup-s3", "firedrill backup, S3"),
            Map.entry("backup-s3-again", "firedrill backup, S3, second"),
            Map.entry("backup-near", "firedrill backup, changes next to one another"),
            Map.entry("backup-spread", "firedrill backup, changes everywhere"),
            Map.entry("backup-encrypted", "firedrill backup, encrypted"),
            Map.entry("restore-encrypted", "firedrill restore, encrypted"),
            Map.entry("moment", "firedrill restore --at latest"),
            Map.entry("moment-mongorestore", "mongorestore, then --oplogReplay"),
            Map.entry("pbm-backup", "pbm backup, zstd 1"),
            Map.entry("pbm-restore", "pbm restore"),
            Map.entry("restore", "firedrill restore"),
            Map.entry("restore/load", "firedrill restore, load + index"),
            Map.entry("restore/verify", "firedrill restore, proof"),
            Map.entry("ephemeral", "firedrill drill, with its own mongod"),
            Map.entry("ephemeral/load", "firedrill drill, load + index"),
            Map.entry("ephemeral/verify", "firedrill drill, proof"),
            Map.entry("mongodump-gzip", "mongodump --gzip --archive"),
            Map.entry("mongodump-zstd", "mongodump --archive | zstd -1 -T2"),
            Map.entry("mongodump-zstd-default", "mongodump --archive | zstd -T2"),
            Map.entry("mongodump", "mongodump --archive"),
            Map.entry("mongorestore", "mongorestore, 4 insertion workers"));

    /** The fastest run of one subject. */
    private record Best(double seconds, double cpu, double serverCpu, long memoryPeak, long heapPeak, Map<String, Double> phases) {
        Document json() {
            var json = new Document("seconds", seconds);
            if (cpu > 0) {
                json.append("cpuSeconds", cpu).append("serverCpuSeconds", serverCpu);
            }
            if (memoryPeak > 0) {
                json.append("memoryPeakMegabytes", memoryPeak);
            }
            if (heapPeak > 0) {
                json.append("heapPeakMegabytes", heapPeak);
            }
            return phases.isEmpty() ? json : json.append("phases", new Document(new LinkedHashMap<>(phases)));
        }
    }

    public static void main(String[] args) throws IOException {
        Map<String, Best> best = new LinkedHashMap<>();
        List<String> trouble = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] fields = line.split("\t");
            if (fields[1].equals("absent")) {
                continue;
            }
            if (!fields[1].equals("0")) {
                trouble.add("%s ended with exit code %s".formatted(fields[0], fields[1]));
                continue;
            }
            take(best, fields[0], read(fields));
        }
        System.out.print(args[1].equals("json") ? json(args, best, trouble) : text(args, best, trouble));
    }

    private static void take(Map<String, Best> best, String name, Best run) {
        Comparator<Best> faster = Comparator.comparingDouble(Best::seconds);
        best.merge(name, run, (one, other) -> faster.compare(one, other) <= 0 ? one : other);
        if (run.phases.containsKey("load")) {
            take(best, name + "/load", part(run.phases.get("load") + run.phases.getOrDefault("index", 0.0)));
            take(best, name + "/verify", part(run.phases.getOrDefault("verify", 0.0)));
        }
    }

    private static Best part(double seconds) {
        return new Best(seconds, 0, 0, 0, 0, Map.of());
    }

    private static Best read(String[] fields) throws IOException {
        double cpu = 0;
        for (String each : fields[3].split(" ")) {
            cpu += Double.parseDouble(each.replace(',', '.'));
        }
        return new Best(
                Long.parseLong(fields[2]) / 1e3,
                cpu,
                Long.parseLong(fields[4]) / 1e3,
                Long.parseLong(content(fields[5] + ".rss").orElse("0").trim()) / 1024,
                heapPeak(content(fields[5] + ".gc").orElse("")),
                phases(content(fields[5] + ".record").orElse("{}")));
    }

    /** The heap before the collection that found it fullest; 0 where none was needed. */
    private static long heapPeak(String log) {
        long peak = 0;
        for (Matcher found = COLLECTED.matcher(log); found.find(); ) {
            peak = Math.max(peak, Long.parseLong(found.group(1)));
        }
        return peak;
    }

    /** Of a signed record: the payload of its envelope is what was signed. */
    private static Map<String, Double> phases(String envelope) {
        Map<String, Double> phases = new LinkedHashMap<>();
        byte[] payload = Base64.getDecoder().decode(Document.parse(envelope).get("payload", ""));
        Document statement = payload.length == 0 ? new Document() : Document.parse(new String(payload, StandardCharsets.UTF_8));
        Document measurement = statement.get("predicate", new Document()).get("measurement", new Document());
        for (Document phase : measurement.getList("phases", Document.class, List.of())) {
            phases.put(phase.getString("name"), ((Number) phase.get("seconds")).doubleValue());
        }
        return phases;
    }

    private static Optional<String> content(String file) throws IOException {
        Path path = Path.of(file);
        return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
    }

    private static String json(String[] args, Map<String, Best> best, List<String> trouble) {
        var subjects = new Document();
        best.forEach((name, run) -> subjects.append(name, run.json()));
        var ratios = new ArrayList<Document>();
        for (Group group : GROUPS) {
            for (String other : group.others) {
                if (best.containsKey(group.ours) && best.containsKey(other)) {
                    ratios.add(new Document("of", other).append("to", group.ours).append("ratio", ratio(best, group, other)));
                }
            }
        }
        return new Document("schemaVersion", 1)
                .append("megabytes", Integer.parseInt(args[2]))
                .append("runs", Integer.parseInt(args[3]))
                .append("best", subjects)
                .append("ratios", ratios)
                .append("notMeasured", missing(best))
                .append("failed", trouble)
                .toJson() + "\n";
    }

    private static double ratio(Map<String, Best> best, Group group, String other) {
        return best.get(other).seconds / best.get(group.ours).seconds;
    }

    private static List<String> missing(Map<String, Best> best) {
        return GROUPS.stream()
                .filter(group -> best.containsKey(group.ours))
                .flatMap(group -> group.others.stream())
                .filter(other -> !best.containsKey(other))
                .distinct()
                .toList();
    }

    private static String text(String[] args, Map<String, Best> best, List<String> trouble) {
        var text = new StringBuilder("\nMinimum of %s runs, %s MB of documents; CPU in seconds, memory in MB.%n".formatted(args[3], args[2]));
        for (Group group : GROUPS) {
            if (best.containsKey(group.ours)) {
                text.append("%n%-50s %8s %7s %7s %8s %7s %6s%n".formatted(group.title, "seconds", "ratio", "CPU", "mongod", "memory", "heap"));
                text.append(line(group.ours, best, 1));
                for (String other : group.others) {
                    text.append(best.containsKey(other) ? line(other, best, ratio(best, group, other)) : "  %-48s not measured%n".formatted(words(other)));
                }
                text.append(phaseLine(best.get(group.ours).phases));
            }
        }
        if (!missing(best).isEmpty()) {
            text.append("%nNot measured, for want of the tool: scripts/bench --help tells how to get it.%n".formatted());
        }
        trouble.forEach(line -> text.append("%nfailed: %s%n".formatted(line)));
        return text.toString();
    }

    private static String line(String name, Map<String, Best> best, double ratio) {
        Best run = best.get(name);
        String start = "  %-48s %8.2f %6.2f×".formatted(words(name), run.seconds, ratio);
        return run.cpu == 0
                ? start + "\n"
                : String.format(Locale.ROOT, "%s %7.2f %8.2f %7s %6s%n", start, run.cpu, run.serverCpu, shown(run.memoryPeak), shown(run.heapPeak));
    }

    private static String shown(long megabytes) {
        return megabytes == 0 ? "" : Long.toString(megabytes);
    }

    private static String phaseLine(Map<String, Double> phases) {
        if (phases.isEmpty()) {
            return "";
        }
        var line = new StringBuilder("    of it");
        phases.forEach((name, seconds) -> line.append(String.format(Locale.ROOT, "  %s %.2f", name, seconds)));
        return line.append('\n').toString();
    }

    private static String words(String name) {
        return WORDS.getOrDefault(name.replaceFirst("^(many|tiny)-", ""), name);
    }
}
