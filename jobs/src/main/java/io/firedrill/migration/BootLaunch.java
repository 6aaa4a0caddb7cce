package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Spring Boot jar as it is, run by its own Mongock. Boot's own launcher puts our program beside the application's classes;
 * it calls the application's {@code main} and ends the process afterwards, for many an application never ends by itself.
 */
record BootLaunch(Path jar, BootManifest manifest, RunTools tools, Map<String, String> surroundings)
        implements MongockLaunch {
    private static final String JSON = "SPRING_APPLICATION_JSON";

    /** Of Boot 2 and 3, and of Boot 4. */
    private static final List<String> PREFIXES = List.of("spring.data.mongodb.", "spring.mongodb.");

    @Override
    public List<String> command(Change change, RunTarget target, List<String> jvm, List<String> order) {
        String launcher = manifest.launcher()
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "%s has no PropertiesLauncher of Spring Boot".formatted(jar),
                        "Have Spring Boot's own plugin pack it, whose jars have one."));
        var command = new ArrayList<>(List.of(
                tools.java().toString(),
                "-Dloader.main=io.firedrill.mongock.BootJar",
                "-Dloader.path=" + MongockRunner.hostOf(tools),
                "-cp",
                jar.toAbsolutePath().toString(),
                launcher,
                "start=" + manifest.startClass(),
                "--spring.main.web-application-type=none",
                "--mongock.enabled=true",
                "--mongock.migration-scan-package=" + change.where()));
        target.stamp().forEach((name, value) -> command.add("--mongock.metadata.%s=%s".formatted(name, value)));
        if (change.runAlways()) {
            // It gets no row that tells that it ran: without the lock it must not end as if it had.
            command.add("--mongock.throw-exception-if-cannot-obtain-lock=true");
        }
        command.addAll(1, jvm);
        command.addAll(order);
        return command;
    }

    @Override
    public boolean findsItsOwnWay() {
        return true;
    }

    /** As variables, and as Spring's JSON, which goes before all else but arguments: no setting leads elsewhere. */
    @Override
    public Map<String, String> environment(RunTarget target) {
        var environment = new HashMap<String, String>();
        ObjectNode json = givenJson();
        for (String prefix : PREFIXES) {
            Map.of("uri", target.uri(), "database", target.database()).forEach((name, value) -> {
                json.put(prefix + name, value);
                environment.put((prefix + name).toUpperCase(Locale.ROOT).replace('.', '_'), value);
            });
        }
        environment.put(JSON, json.toString());
        tools.uriVariable().ifPresent(name -> environment.put(name, target.uri()));
        return environment;
    }

    /** What whoever started us has set for the application is still set. */
    private ObjectNode givenJson() {
        try {
            return JsonMapper.shared().readTree(surroundings.getOrDefault(JSON, "{}")) instanceof ObjectNode given
                    ? given
                    : JsonMapper.shared().createObjectNode();
        } catch (JacksonException _) {
            // Spring passes over it too.
            return JsonMapper.shared().createObjectNode();
        }
    }
}
