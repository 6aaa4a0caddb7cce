package io.firedrill.manifests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One Kubernetes object of a set of manifests.
 *
 * @param file where it was read, as it was named
 * @param document which of the file's documents it is, from 1
 */
record Resource(String file, int document, Field root) {
    private static final String WAIVER = "doctor.firedrill.io/";
    private static final List<String> TEMPLATED =
            List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job");

    String apiVersion() {
        return root.get("apiVersion").text().orElse("");
    }

    String kind() {
        return root.get("kind").text().orElse("");
    }

    String name() {
        return root.at("metadata", "name").text().orElse("");
    }

    String namespace() {
        return root.at("metadata", "namespace").text().orElse("default");
    }

    /** How messages call it: {@code CronJob firedrill/backup}. */
    String title() {
        boolean placed = root.at("metadata", "namespace").isPresent();
        return kind() + " " + (placed ? namespace() + "/" : "") + name();
    }

    Field spec() {
        return root.get("spec");
    }

    Field annotation(String name) {
        return root.at("metadata", "annotations", name);
    }

    /** The reasons for which rules are waived, by the rules' ids. */
    Map<String, Field> waivers() {
        Map<String, Field> waivers = new LinkedHashMap<>();
        root.at("metadata", "annotations").entries().forEach((name, field) -> {
            if (name.startsWith(WAIVER)) {
                waivers.put(name.substring(WAIVER.length()), field);
            }
        });
        return waivers;
    }

    /** The spec of the jobs that it starts, if it starts any. */
    Optional<Field> job() {
        return switch (kind()) {
            case "Job" -> Optional.of(spec());
            case "CronJob" -> Optional.of(spec().at("jobTemplate", "spec"));
            default -> Optional.empty();
        };
    }

    /** The spec of the pods that it starts, if it starts any. */
    Optional<Field> pod() {
        if (kind().equals("Pod")) {
            return Optional.of(spec());
        }
        return TEMPLATED.contains(kind())
                ? Optional.of(spec().at("template", "spec"))
                : job().map(job -> job.at("template", "spec"));
    }

    /** Init containers and containers of its pods. */
    List<Field> containers() {
        return pod().map(pod -> Stream.of("initContainers", "containers")
                        .flatMap(kind -> pod.get(kind).items().stream())
                        .toList())
                .orElse(List.of());
    }
}
