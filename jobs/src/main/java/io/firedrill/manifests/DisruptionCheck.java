package io.firedrill.manifests;

import java.util.Map;
import java.util.OptionalLong;

/** Whether the pods of a stateful set go one by one when machines are emptied, and whether they can go at all. */
final class DisruptionCheck implements Check {
    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        if (resource.kind().equals("StatefulSet")) {
            Field replicas = resource.spec().get("replicas");
            boolean several = replicas.number().orElse(1) > 1;
            boolean kept =
                    set.of("PodDisruptionBudget", resource.namespace()).anyMatch(budget -> covers(budget, resource));
            findings.addIf(
                    several && !kept,
                    ManifestRule.DISRUPTION_BUDGET_MISSING,
                    replicas,
                    "no PodDisruptionBudget of namespace %s covers its pods".formatted(resource.namespace()));
        }
        if (resource.kind().equals("PodDisruptionBudget")) {
            Field least = resource.spec().get("minAvailable");
            Field most = resource.spec().get("maxUnavailable");
            findings.addIf(most.is("0") || most.is("0%"), ManifestRule.DISRUPTION_BUDGET_BLOCKS, most, "no pod may go");
            set.of("StatefulSet", resource.namespace())
                    .filter(owner -> covers(resource, owner))
                    .forEach(owner -> findings.addIf(
                            leavesNone(least, owner),
                            ManifestRule.DISRUPTION_BUDGET_BLOCKS,
                            least,
                            "none of the pods of %s may go".formatted(owner.title())));
        }
    }

    /** A budget that selects by expressions is left to whoever wrote it. */
    private static boolean covers(Resource budget, Resource owner) {
        Field selector = budget.spec().get("selector");
        Map<String, Field> labels =
                owner.spec().at("template", "metadata", "labels").entries();
        return !selector.get("matchExpressions").items().isEmpty()
                || selector.get("matchLabels").entries().entrySet().stream()
                        .allMatch(wanted -> labels.containsKey(wanted.getKey())
                                && labels.get(wanted.getKey())
                                        .text()
                                        .equals(wanted.getValue().text()));
    }

    private static boolean leavesNone(Field least, Resource owner) {
        OptionalLong wanted = least.number();
        return least.is("100%")
                || (wanted.isPresent()
                        && wanted.getAsLong()
                                >= owner.spec().get("replicas").number().orElse(1));
    }
}
