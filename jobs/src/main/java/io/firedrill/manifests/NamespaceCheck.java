package io.firedrill.manifests;

import java.util.List;
import java.util.Objects;

/** What a namespace keeps from its pods, and its pods from each other. */
final class NamespaceCheck implements Check {
    private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        if (resource.kind().equals("Namespace")) {
            Field label = resource.root().at("metadata", "labels", ENFORCE);
            findings.require(label, "restricted", ManifestRule.POD_SECURITY);
        }
        if (isFirstWithPods(resource, set)
                && set.of("NetworkPolicy", resource.namespace()).noneMatch(NamespaceCheck::deniesAll)) {
            findings.add(
                    ManifestRule.DEFAULT_DENY_MISSING,
                    resource.root().at("metadata", "namespace"),
                    "namespace %s has no policy that denies everything".formatted(resource.namespace()));
        }
    }

    /** Said once for a namespace, of the first that would need it. */
    private static boolean isFirstWithPods(Resource resource, ResourceSet set) {
        return resource.pod().isPresent()
                && set.resources().stream()
                        .filter(each ->
                                each.pod().isPresent() && each.namespace().equals(resource.namespace()))
                        .findFirst()
                        .filter(first -> Objects.equals(first, resource))
                        .isPresent();
    }

    private static boolean deniesAll(Resource policy) {
        Field spec = policy.spec();
        return spec.get("podSelector").isEmpty()
                && spec.get("policyTypes").texts().containsAll(List.of("Ingress", "Egress"))
                && spec.get("ingress").items().isEmpty()
                && spec.get("egress").items().isEmpty();
    }
}
