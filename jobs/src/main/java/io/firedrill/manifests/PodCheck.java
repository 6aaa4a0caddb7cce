package io.firedrill.manifests;

import java.util.List;

/** What a pod shares with its machine and with its namespace. */
final class PodCheck implements Check {
    private static final List<String> SHARED = List.of("hostNetwork", "hostPID", "hostIPC");

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        resource.pod().ifPresent(pod -> {
            shared(pod, findings);
            volumes(pod, findings);
            account(resource, pod, set, findings);
        });
    }

    private static void shared(Field pod, Findings findings) {
        for (String name : SHARED) {
            Field field = pod.get(name);
            findings.addIf(field.is("true"), ManifestRule.HOST_NAMESPACE, field, "is true");
        }
    }

    private static void volumes(Field pod, Findings findings) {
        for (Field volume : pod.get("volumes").items()) {
            Field host = volume.get("hostPath");
            findings.addIf(
                    host.isPresent(),
                    ManifestRule.HOST_PATH,
                    host,
                    "is " + host.get("path").text().orElse("?"));
            Field scratch = volume.get("emptyDir");
            if (scratch.isPresent()) {
                findings.require(scratch.get("sizeLimit"), ManifestRule.SIZE_LIMIT_MISSING);
            }
        }
    }

    /** What the pod says of the token goes before what its account says. */
    private static void account(Resource resource, Field pod, ResourceSet set, Findings findings) {
        Field name = pod.get("serviceAccountName");
        boolean shared = name.text().filter(text -> !text.equals("default")).isEmpty();
        findings.addIf(shared, ManifestRule.SERVICE_ACCOUNT_DEFAULT, name, "is the account default");
        Field token = pod.get("automountServiceAccountToken");
        boolean offByAccount = !token.isPresent()
                && set.of("ServiceAccount", resource.namespace())
                        .filter(account -> name.is(account.name()))
                        .anyMatch(account -> account.root()
                                .get("automountServiceAccountToken")
                                .is("false"));
        if (!offByAccount) {
            findings.require(token, "false", ManifestRule.SERVICE_ACCOUNT_TOKEN);
        }
    }
}
