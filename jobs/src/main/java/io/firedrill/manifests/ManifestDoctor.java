package io.firedrill.manifests;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Looks at Kubernetes manifests with every check there is. Nothing is asked of a cluster. */
public final class ManifestDoctor {
    private final SchemaCheck schema = new SchemaCheck(ApiModels.load());
    private final List<Check> checks = List.of(
            schema,
            new ImageCheck(),
            new ContainerCheck(),
            new PodCheck(),
            new SecretCheck(),
            new JobCheck(),
            new CronJobCheck(),
            new IngressCheck(),
            new NamespaceCheck(),
            new DisruptionCheck(),
            new SetCheck());

    /**
     * Looks at manifests as one set, that is applied together.
     *
     * @param declaredSecrets names of secrets that are made elsewhere, also as namespace/name
     */
    public Examination examine(List<ManifestSource> sources, Set<String> declaredSecrets) {
        List<Resource> resources = sources.stream()
                .flatMap(source -> ManifestReader.read(source).stream())
                .toList();
        var set = new ResourceSet(resources, declaredSecrets);
        List<ManifestFinding> findings = new ArrayList<>();
        SortedMap<String, Integer> unmodelled = new TreeMap<>();
        for (Resource resource : resources) {
            var found = new Findings(resource);
            checks.forEach(check -> check.look(resource, set, found));
            found.found().stream()
                    .sorted(Comparator.comparingInt(ManifestFinding::line).thenComparing(ManifestFinding::rule))
                    .forEach(findings::add);
            if (!schema.covers(resource)) {
                unmodelled.merge(resource.apiVersion() + " " + resource.kind(), 1, Integer::sum);
            }
        }
        return new Examination(resources.size(), unmodelled, findings);
    }
}
