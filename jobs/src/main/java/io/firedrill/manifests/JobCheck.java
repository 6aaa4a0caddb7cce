package io.firedrill.manifests;

import java.util.List;

/** How often a job is tried, how long it may take and how long it stays. */
final class JobCheck implements Check {
    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        resource.job().ifPresent(job -> {
            findings.require(job.get("backoffLimit"), ManifestRule.JOB_BACKOFF_LIMIT);
            findings.require(job.get("activeDeadlineSeconds"), ManifestRule.JOB_DEADLINE);
            findings.require(job.get("ttlSecondsAfterFinished"), ManifestRule.JOB_TTL);
            findings.require(job.at("template", "spec", "restartPolicy"), "Never", ManifestRule.JOB_RESTART_POLICY);
            failures(job.get("podFailurePolicy"), findings);
        });
    }

    private static void failures(Field policy, Findings findings) {
        List<Field> rules = policy.get("rules").items();
        boolean ignores = !rules.isEmpty()
                && rules.getFirst().get("action").is("Ignore")
                && rules.getFirst().get("onPodConditions").items().stream()
                        .anyMatch(condition -> condition.get("type").is("DisruptionTarget"));
        findings.addIf(
                !ignores, ManifestRule.JOB_FAILURE_POLICY, policy, "does not begin with Ignore on DisruptionTarget");
        boolean ends = rules.stream()
                .anyMatch(rule -> rule.get("action").is("FailJob")
                        && !rule.at("onExitCodes", "values").items().isEmpty());
        findings.addIf(!ends, ManifestRule.JOB_FAILURE_POLICY, policy, "has no FailJob on exit codes");
    }
}
