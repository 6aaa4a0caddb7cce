package io.firedrill.manifests;

import java.util.List;
import java.util.stream.Stream;

/** What a container may take and do. */
final class ContainerCheck implements Check {
    private static final List<String> SERVERS = List.of("Deployment", "StatefulSet", "DaemonSet");
    private static final List<String> PROBES = List.of("readinessProbe", "livenessProbe");

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        resource.pod()
                .ifPresent(pod -> resource.containers().forEach(container -> {
                    resources(container, findings);
                    rights(pod, container.get("securityContext"), findings);
                }));
        if (SERVERS.contains(resource.kind())) {
            resource.pod().ifPresent(pod -> pod.get("containers").items().forEach(each -> probes(each, findings)));
        }
    }

    private static void resources(Field container, Findings findings) {
        Field requests = container.at("resources", "requests");
        Stream.of("cpu", "memory").forEach(name -> findings.require(requests.get(name), ManifestRule.REQUESTS_MISSING));
        Field limit = container.at("resources", "limits", "memory");
        findings.require(limit, ManifestRule.MEMORY_LIMIT_MISSING);
        Field request = requests.get("memory");
        boolean differs =
                limit.isPresent() && request.isPresent() && !request.text().equals(limit.text());
        findings.addIf(
                differs,
                ManifestRule.MEMORY_DIFFERS,
                request,
                "is %s, the limit is %s"
                        .formatted(request.text().orElse("?"), limit.text().orElse("?")));
    }

    private static void probes(Field container, Findings findings) {
        boolean none = PROBES.stream().noneMatch(probe -> container.get(probe).isPresent());
        findings.addIf(none, ManifestRule.PROBE_MISSING, container, "has none");
    }

    private static void rights(Field pod, Field own, Findings findings) {
        Field shared = pod.get("securityContext");
        findings.require(either(own, shared, "runAsNonRoot"), "true", ManifestRule.RUN_AS_NON_ROOT);
        seccomp(either(own, shared, "seccompProfile").get("type"), findings);
        Field dropped = own.at("capabilities", "drop");
        findings.addIf(!dropped.texts().contains("ALL"), ManifestRule.CAPABILITIES, dropped, "does not drop ALL");
        Field added = own.at("capabilities", "add");
        boolean more = added.texts().stream().anyMatch(name -> !name.equals("NET_BIND_SERVICE"));
        findings.addIf(more, ManifestRule.CAPABILITIES, added, "adds " + String.join(", ", added.texts()));
        findings.require(own.get("allowPrivilegeEscalation"), "false", ManifestRule.PRIVILEGE_ESCALATION);
        findings.addIf(own.get("privileged").is("true"), ManifestRule.PRIVILEGED, own.get("privileged"), "is true");
        findings.require(own.get("readOnlyRootFilesystem"), "true", ManifestRule.READ_ONLY_ROOT);
    }

    private static void seccomp(Field type, Findings findings) {
        if (!type.is("Localhost")) {
            findings.require(type, "RuntimeDefault", ManifestRule.SECCOMP);
        }
    }

    /** A container's own word goes before its pod's. */
    private static Field either(Field own, Field shared, String name) {
        return own.get(name).isPresent() || !shared.get(name).isPresent() ? own.get(name) : shared.get(name);
    }
}
