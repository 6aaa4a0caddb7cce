package io.firedrill.manifests;

import java.util.List;

/** Whether the clock starts what it should, once at a time, and keeps what is to be looked at. */
final class CronJobCheck implements Check {
    private static final int NAME_MAX = 52;

    /** The controller looks every ten seconds. */
    private static final long STARTING_DEADLINE_MIN = 10;

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        if (!resource.kind().equals("CronJob")) {
            return;
        }
        Field spec = resource.spec();
        findings.require(spec.get("concurrencyPolicy"), "Forbid", ManifestRule.CRONJOB_CONCURRENCY);
        findings.require(spec.get("timeZone"), ManifestRule.CRONJOB_TIME_ZONE);
        Field deadline = spec.get("startingDeadlineSeconds");
        String found = deadline.text().map("is "::concat).orElse("is missing");
        boolean late = deadline.number().orElse(0) < STARTING_DEADLINE_MIN;
        findings.addIf(late, ManifestRule.CRONJOB_STARTING_DEADLINE, deadline, found);
        for (String limit : List.of("successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
            findings.require(spec.get(limit), ManifestRule.CRONJOB_HISTORY);
        }
        findings.addIf(spec.get("suspend").is("true"), ManifestRule.CRONJOB_SUSPENDED, spec.get("suspend"), "is true");
        int length = resource.name().length();
        Field name = resource.root().at("metadata", "name");
        findings.addIf(length > NAME_MAX, ManifestRule.CRONJOB_NAME_LENGTH, name, length + " characters");
    }
}
