import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes an image of a folder that scripts/image has laid out: to an OCI archive, or to a registry. Arguments are name=value: root, work,
 * version, revision, created, base, and tar or push. It prints the digest of the image.
 */
final class ImageBuilder {
    private static final String USER = "10001:10001";
    private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
    private static final FilePermissions ANYBODY = FilePermissions.fromOctalString("777");
    /** The time of every file; the archive of classes names that of the jars. */
    private static final Instant TIME = Instant.ofEpochSecond(1);

    private final Map<String, String> arguments;
    private final Path root;

    private ImageBuilder(Map<String, String> arguments) {
        this.arguments = arguments;
        this.root = Path.of(arguments.get("root"));
    }

    public static void main(String... words) {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            arguments.put(word.substring(0, equals), word.substring(equals + 1));
        }
        try {
            System.out.println("sha256:" + new ImageBuilder(arguments).build().getDigest().getHash());
        } catch (Exception failed) {
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                System.err.println(cause.getMessage());
            }
            System.exit(1);
        }
    }

    private JibContainer build() throws Exception {
        JibContainerBuilder image = from();
        for (Map.Entry<String, List<Path>> layer : layers().entrySet()) {
            image.addFileEntriesLayer(layer(layer.getKey(), layer.getValue()));
        }
        image.setFormat(ImageFormat.OCI)
                .setCreationTime(Instant.ofEpochSecond(Long.parseLong(arguments.get("created"))))
                .setUser(USER)
                .setWorkingDirectory(AbsoluteUnixPath.get("/var/lib/firedrill"))
                .setEnvironment(Map.of(
                        "FIREDRILL_STATE_DIR", "/var/lib/firedrill",
                        "HOME", "/var/lib/firedrill",
                        "LANG", "C.UTF-8",
                        "PATH", "/opt/java/bin"))
                .setEntrypoint("/opt/java/bin/java", "@/app/java.options", "-jar", "/app/firedrill.jar");
        labels().forEach(image::addLabel);
        return image.containerize(to().setToolName("firedrill")
                // Jib knows a layer again by the paths and times of its files, and all times are one: it must not find an earlier build's.
                .setApplicationLayersCache(Files.createTempDirectory(Path.of(arguments.get("work")), "layers"))
                // Only those of this machine may speak plain HTTP.
                .setAllowInsecureRegistries(local("base") && local("push"))
                .addEventHandler(LogEvent.class, ImageBuilder::warn));
    }

    /** Whether a registry, if it is asked at all, is on this machine. */
    private boolean local(String argument) {
        String name = arguments.getOrDefault(argument, "localhost:");
        return name.startsWith("localhost:") || name.startsWith("127.0.0.1:");
    }

    /** A base of ours lies in the folder itself; any other is pulled, and only by its digest. */
    private JibContainerBuilder from() throws Exception {
        String base = arguments.get("base");
        if (base == null) {
            return Jib.fromScratch().setPlatforms(Set.of(new Platform("amd64", "linux")));
        }
        return Jib.from(registry(base));
    }

    private Containerizer to() throws Exception {
        String push = arguments.get("push");
        if (push == null) {
            return Containerizer.to(TarImage.at(Path.of(arguments.get("tar"))).named("firedrill:" + arguments.get("version")));
        }
        return Containerizer.to(registry(push));
    }

    /** As docker, podman and the helpers of the clouds have signed in: no secret passes through here as an argument. */
    private static RegistryImage registry(String name) throws Exception {
        ImageReference reference = ImageReference.parse(name);
        CredentialRetrieverFactory credentials = CredentialRetrieverFactory.forImage(reference, ImageBuilder::warn);
        return RegistryImage.named(reference)
                .addCredentialRetriever(credentials.dockerConfig())
                .addCredentialRetriever(credentials.wellKnownCredentialHelpers());
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("org.opencontainers.image.title", "firedrill");
        labels.put("org.opencontainers.image.description", "Backup, proven restore and migration rehearsal for MongoDB");
        labels.put("org.opencontainers.image.licenses", "Apache-2.0");
        labels.put("org.opencontainers.image.version", arguments.get("version"));
        labels.put("org.opencontainers.image.revision", arguments.get("revision"));
        labels.put("org.opencontainers.image.created", Instant.ofEpochSecond(Long.parseLong(arguments.get("created"))).toString());
        labels.put("io.firedrill.java", arguments.get("java"));
        if (arguments.containsKey("base")) {
            String base = arguments.get("base");
            labels.put("org.opencontainers.image.base.name", base.substring(0, base.indexOf('@')));
            labels.put("org.opencontainers.image.base.digest", base.substring(base.indexOf('@') + 1));
        }
        return labels;
    }

    /** What changes least comes first, since a node fetches again only what has changed. */
    private Map<String, List<Path>> layers() throws IOException {
        Map<String, List<Path>> layers = new LinkedHashMap<>();
        List.of("base", "java", "libraries", "application").forEach(name -> layers.put(name, new ArrayList<>()));
        try (Stream<Path> files = Files.walk(root)) {
            // In the order of their names, not of the disk.
            files.filter(file -> !file.equals(root)).sorted().forEach(file -> layers.get(layerOf(file)).add(file));
        }
        if (arguments.containsKey("base")) {
            layers.get("base").removeIf(file -> !inEveryBase(root.relativize(file).toString()));
        }
        return layers;
    }

    private String layerOf(Path file) {
        String name = root.relativize(file).toString();
        if (name.startsWith("opt/")) {
            return "java";
        }
        if (name.startsWith("app/lib") || name.startsWith("app/mongock") || name.startsWith("app/native")) {
            return name.startsWith("app/lib/firedrill-") ? "application" : "libraries";
        }
        return name.startsWith("app/") ? "application" : "base";
    }

    /** The folder that Firedrill writes to, which a base of somebody else's does not have. */
    private static boolean inEveryBase(String name) {
        return name.equals("var/lib/firedrill");
    }

    private FileEntriesLayer layer(String name, List<Path> files) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        for (Path file : files) {
            String path = root.relativize(file).toString();
            if (Files.isSymbolicLink(file)) {
                throw new IOException(path + " is a symbolic link, which an image of ours has none of");
            }
            boolean open = path.equals("tmp") || path.equals("var/lib/firedrill");
            boolean program = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || Files.isExecutable(file);
            layer.addEntry(file, AbsoluteUnixPath.get("/" + path), open ? ANYBODY : program ? PROGRAM : FILE, TIME, open ? USER : "0:0");
        }
        return layer.build();
    }

    private static void warn(LogEvent event) {
        if (event.getLevel() == LogEvent.Level.ERROR || event.getLevel() == LogEvent.Level.WARN) {
            System.err.println(event.getMessage());
        }
    }
}
