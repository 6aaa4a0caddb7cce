import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes what goes with an image: the bill of materials of the project, with the runtime and the packages of the base added, and a
 * statement of what the image was made of. Arguments are those of ImageBuilder, and digest, name, project, jdk, sbom, provenance.
 */
final class ImageRecords {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String BUILD_TYPE = "https://firedrill.io/image/v1";

    private final Map<String, String> arguments;
    private final Path root;
    private final Path project;

    private ImageRecords(Map<String, String> arguments) {
        this.arguments = arguments;
        this.root = Path.of(arguments.get("root"));
        this.project = Path.of(arguments.get("project"));
    }

    public static void main(String... words) throws Exception {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            arguments.put(word.substring(0, equals), word.substring(equals + 1));
        }
        ImageRecords records = new ImageRecords(arguments);
        JSON.writeValue(Path.of(arguments.get("sbom")).toFile(), records.sbom());
        JSON.writeValue(Path.of(arguments.get("provenance")).toFile(), records.provenance());
    }

    // --- bill of materials

    private JsonNode sbom() throws Exception {
        ObjectNode sbom = (ObjectNode) JSON.readTree(project.resolve("target/sbom.json").toFile());
        ObjectNode metadata = sbom.withObject("/metadata");
        JsonNode application = metadata.get("component");
        ObjectNode image = JSON.createObjectNode()
                .put("type", "container")
                .put("bom-ref", "image")
                .put("name", "firedrill")
                .put("version", arguments.get("version"))
                .put("purl", "pkg:oci/firedrill@" + arguments.get("digest").replace(":", "%3A"));
        image.putArray("hashes").addObject().put("alg", "SHA-256").put("content", hex(arguments.get("digest")));
        metadata.set("component", image);
        ArrayNode components = sbom.withArray("/components");
        components.add(application);
        components.add(java());
        for (String[] of : packages()) {
            ObjectNode added = components
                    .addObject()
                    .put("type", "library")
                    .put("bom-ref", purl(of))
                    .put("name", of[0])
                    .put("version", of[1])
                    .put("purl", purl(of));
            added.putArray("hashes").addObject().put("alg", "SHA-256").put("content", of[2]);
        }
        ObjectNode depends = sbom.withArray("/dependencies").addObject().put("ref", "image");
        ArrayNode on = depends.putArray("dependsOn").add(application.path("bom-ref").asText()).add("java");
        for (String[] of : packages()) {
            on.add(purl(of));
        }
        return sbom;
    }

    private ObjectNode java() throws Exception {
        ObjectNode java = JSON.createObjectNode()
                .put("type", "platform")
                .put("bom-ref", "java")
                .put("name", "java-runtime")
                .put("version", arguments.get("java"))
                .put("description", "made with jlink out of the JDK that built the image");
        java.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(root.resolve("opt/java/lib/modules")));
        return java;
    }

    private static String purl(String... of) {
        return "pkg:deb/debian/%s@%s?arch=amd64&distro=bookworm".formatted(of[0], of[1].replace("+", "%2B"));
    }

    /** Name, version, SHA-256; none when the base is somebody else's, whose contents are theirs to tell. */
    private List<String[]> packages() throws IOException {
        if (arguments.containsKey("base")) {
            return List.of();
        }
        return Files.readAllLines(project.resolve("runner/src/image/packages.lock")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" "))
                .toList();
    }

    // --- provenance

    private JsonNode provenance() throws Exception {
        ObjectNode statement = JSON.createObjectNode().put("_type", "https://in-toto.io/Statement/v1");
        ArrayNode subjects = statement.putArray("subject");
        resource(subjects, "name", arguments.get("name"), "sha256", hex(arguments.get("digest")));
        for (Path jar : ours()) {
            resource(subjects, "name", jar.getFileName().toString(), "sha256", sha256(jar));
        }
        statement.put("predicateType", "https://slsa.dev/provenance/v1");
        ObjectNode definition = statement.putObject("predicate").putObject("buildDefinition").put("buildType", BUILD_TYPE);
        ObjectNode external = definition.putObject("externalParameters");
        external.put("version", arguments.get("version")).put("platform", "linux/amd64").put("base", arguments.getOrDefault("base", "own"));
        external.put("revision", arguments.get("revision"));
        definition.putObject("internalParameters").put("created", Long.parseLong(arguments.get("created")));
        materials(definition.putArray("resolvedDependencies"));
        ObjectNode run = ((ObjectNode) statement.get("predicate")).putObject("runDetails");
        run.putObject("builder").put("id", builder());
        ObjectNode metadata = run.putObject("metadata");
        if (!runId().isEmpty()) {
            metadata.put("invocationId", runId());
        }
        metadata.put("finishedOn", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        ArrayNode byproducts = run.putArray("byproducts");
        Path sbom = Path.of(arguments.get("sbom"));
        resource(byproducts, "name", sbom.getFileName().toString(), "sha256", sha256(sbom));
        return statement;
    }

    /** The commit, the JDK, the base, and every jar that is not built from the commit. */
    private void materials(ArrayNode materials) throws Exception {
        String revision = arguments.get("revision");
        if (revision.matches("[0-9a-f]{40}(-changed)?")) {
            ObjectNode source = resource(materials, "name", "source", "gitCommit", revision.substring(0, 40));
            if (revision.endsWith("-changed")) {
                source.putObject("annotations").put("uncommittedChanges", true);
            }
        }
        ObjectNode jdk = resource(materials, "name", "jdk", "sha256", sha256(Path.of(arguments.get("jdk"), "lib", "modules")));
        jdk.putObject("annotations").put("version", arguments.get("java")).put("file", "lib/modules");
        if (arguments.containsKey("base")) {
            resource(materials, "uri", "docker://" + arguments.get("base"), "sha256", hex(arguments.get("base")));
        }
        for (String[] of : packages()) {
            resource(materials, "uri", purl(of), "sha256", of[2]);
        }
        for (String folder : List.of("app/lib", "app/mongock")) {
            for (Path jar : jars(root.resolve(folder))) {
                if (!ours().contains(jar)) {
                    resource(materials, "name", jar.getFileName().toString(), "sha256", sha256(jar));
                }
            }
        }
    }

    private List<Path> ours() throws IOException {
        return Stream.of(root.resolve("app"), root.resolve("app/lib"), root.resolve("app/mongock"))
                .flatMap(folder -> jars(folder).stream())
                .filter(jar -> jar.getFileName().toString().startsWith("firedrill"))
                .toList();
    }

    private static List<Path> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static ObjectNode resource(ArrayNode into, String key, String name, String algorithm, String digest) {
        ObjectNode resource = into.addObject().put(key, name);
        resource.putObject("digest").put(algorithm, digest);
        return resource;
    }

    /** Of a build server only by what it says of itself in its environment; by hand, nobody vouches for the builder. */
    private static String builder() {
        String workflow = of("GITHUB_WORKFLOW_REF");
        if (!workflow.isEmpty()) {
            return of("GITHUB_SERVER_URL") + "/" + workflow;
        }
        String gitlab = of("CI_PROJECT_URL");
        return gitlab.isEmpty() ? "https://firedrill.io/image/by-hand" : gitlab + "/-/runners/" + of("CI_RUNNER_ID");
    }

    private static String runId() {
        if (!of("GITHUB_RUN_ID").isEmpty()) {
            return "%s/%s/actions/runs/%s/attempts/%s"
                    .formatted(of("GITHUB_SERVER_URL"), of("GITHUB_REPOSITORY"), of("GITHUB_RUN_ID"), of("GITHUB_RUN_ATTEMPT"));
        }
        return of("CI_JOB_URL").isEmpty() ? of("BUILD_URL") : of("CI_JOB_URL");
    }

    private static String of(String variable) {
        return System.getenv().getOrDefault(variable, "");
    }

    private static String hex(String reference) {
        return reference.substring(reference.lastIndexOf(':') + 1);
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
