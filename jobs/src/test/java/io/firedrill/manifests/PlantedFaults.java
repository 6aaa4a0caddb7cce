package io.firedrill.manifests;

import java.util.List;
import java.util.stream.Stream;

/** What is planted into the rendered production overlay, and what has to find it where. */
final class PlantedFaults {
    private static final String BACKUP = "CronJob firedrill/firedrill-backup";
    private static final String ARCHIVE = "Deployment firedrill/firedrill-archive";
    private static final String INGRESS = "Ingress firedrill/firedrill-serve";
    private static final String SETTINGS = "ConfigMap firedrill/firedrill-settings";
    private static final String JOB = "spec.jobTemplate.spec";
    private static final String POD = JOB + ".template.spec";
    private static final String CONTAINER = POD + ".containers[0]";
    private static final String NGINX = "metadata.annotations[\"nginx.ingress.kubernetes.io/";
    private static final String IMAGE = "registry.example.com/firedrill@sha256:" + "0".repeat(64);

    private PlantedFaults() {}

    /**
     * @param from what the resource holds, once
     * @param to what stands there instead; nothing, if lines are left out
     */
    record Fault(String object, String from, String to, String rule, String path) {}

    private static Fault change(String object, String from, String to, String rule, String path) {
        return new Fault(object, from, to, rule, path);
    }

    /** Leaves the only line out that holds the text. */
    private static Fault drop(String object, String line, String rule, String path) {
        return new Fault(object, line, "", rule, path);
    }

    static List<Fault> faults() {
        return Stream.of(images(), fields(), containers(), pods(), jobs(), ingresses(), sets())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Fault> images() {
        String image = CONTAINER + ".image";
        return List.of(
                change(BACKUP, IMAGE, "registry.example.com/firedrill:latest", "image-tag", image),
                change(BACKUP, IMAGE, "registry.example.com:5000/firedrill", "image-tag", image),
                change(BACKUP, IMAGE, "registry.example.com/firedrill:main", "image-tag", image),
                change(BACKUP, IMAGE, "registry.example.com/firedrill:1.2.3", "image-digest", image),
                change(BACKUP, IMAGE, "registry.example.com/firedrill@sha256:12ab", "image-digest", image));
    }

    private static List<Fault> fields() {
        return List.of(
                change(BACKUP, "concurrencyPolicy:", "concurencyPolicy:", "unknown-field", "spec.concurencyPolicy"),
                change(BACKUP, "backoffLimit: 2", "backoffLimits: 2", "unknown-field", JOB + ".backoffLimits"),
                change(BACKUP, "imagePullPolicy:", "pullPolicy:", "unknown-field", CONTAINER + ".pullPolicy"),
                change(BACKUP, "backoffLimit: 2", "backoffLimit: \"2\"", "wrong-type", JOB + ".backoffLimit"),
                change(BACKUP, "runAsUser: 10001", "runAsUser: root", "wrong-type", POD + ".securityContext.runAsUser"),
                change(
                        BACKUP,
                        "value: /run/secrets/firedrill/source/uri",
                        "value: 27017",
                        "wrong-type",
                        CONTAINER + ".env[2].value"),
                change(
                        BACKUP,
                        "readOnly: true",
                        "readOnly: \"true\"",
                        "wrong-type",
                        CONTAINER + ".volumeMounts[2].readOnly"),
                change(BACKUP, "cpu: \"1\"", "cpu: one", "wrong-type", CONTAINER + ".resources.requests.cpu"),
                change(
                        BACKUP,
                        "drop:\n                - ALL",
                        "drop: ALL",
                        "wrong-type",
                        CONTAINER + ".securityContext.capabilities.drop"),
                change(
                        SETTINGS,
                        "FIREDRILL_KEEP_WEEKLY: \"8\"",
                        "FIREDRILL_KEEP_WEEKLY: 8",
                        "wrong-type",
                        "data.FIREDRILL_KEEP_WEEKLY"),
                change(BACKUP, "batch/v1", "batch/v1beta1", "api-removed", "apiVersion"),
                change(ARCHIVE, "kind: Deployment", "kind: Deploymnt", "unknown-kind", "kind"),
                change(
                        BACKUP,
                        "  timeZone: Etc/UTC",
                        "  timeZone: Etc/UTC\n  timeZone: UTC",
                        "duplicate-key",
                        "spec.timeZone"));
    }

    private static List<Fault> containers() {
        String context = CONTAINER + ".securityContext.";
        String resources = CONTAINER + ".resources.";
        return List.of(
                change(
                        BACKUP,
                        "limits:\n                ephemeral-storage: 4Gi\n                memory: 1Gi",
                        "limits:\n                ephemeral-storage: 4Gi",
                        "memory-limit-missing",
                        resources + "limits.memory"),
                change(
                        BACKUP,
                        "limits:\n                ephemeral-storage: 4Gi\n                memory: 1Gi",
                        "limits:\n                ephemeral-storage: 4Gi\n                memory: 2Gi",
                        "memory-differs",
                        resources + "requests.memory"),
                drop(BACKUP, "cpu: \"1\"", "requests-missing", resources + "requests.cpu"),
                change(
                        BACKUP,
                        "allowPrivilegeEscalation: false",
                        "allowPrivilegeEscalation: true",
                        "privilege-escalation",
                        context + "allowPrivilegeEscalation"),
                drop(BACKUP, "readOnlyRootFilesystem: true", "read-only-root", context + "readOnlyRootFilesystem"),
                change(BACKUP, "- ALL", "- NET_RAW", "capabilities", context + "capabilities.drop"),
                change(
                        BACKUP,
                        "drop:\n                - ALL",
                        "drop:\n                - ALL\n                add: [SYS_ADMIN]",
                        "capabilities",
                        context + "capabilities.add"),
                change(BACKUP, "privileged: false", "privileged: true", "privileged", context + "privileged"),
                drop(BACKUP, "runAsNonRoot: true", "run-as-non-root", context + "runAsNonRoot"),
                change(
                        BACKUP,
                        "type: RuntimeDefault",
                        "type: Unconfined",
                        "seccomp",
                        POD + ".securityContext.seccompProfile.type"),
                drop(
                        ARCHIVE,
                        "doctor.firedrill.io/probe-missing: it serves nobody, and ends by itself when it\n      cannot go on; firedrill status tells how far it is",
                        "probe-missing",
                        "spec.template.spec.containers[0]"),
                change(
                        BACKUP,
                        "value: /run/secrets/firedrill/source/uri",
                        "value: mongodb://u:Pa55word@db/",
                        "secret-in-plain",
                        CONTAINER + ".env[2].value"),
                change(
                        BACKUP,
                        "name: JAVA_TOOL_OPTIONS",
                        "name: DB_PASSWORD",
                        "secret-in-plain",
                        CONTAINER + ".env[0].value"),
                change(
                        BACKUP,
                        "- backup",
                        "- --uri=mongodb://u:Pa55word@db/",
                        "secret-in-plain",
                        CONTAINER + ".args[0]"),
                change(
                        SETTINGS,
                        "FIREDRILL_OPERATOR: kubernetes",
                        "FIREDRILL_SOURCE_URI: mongodb://u:Pa55word@db/",
                        "secret-in-plain",
                        "data.FIREDRILL_SOURCE_URI"),
                change(BACKUP, "configMapRef:", "secretRef:", "secret-in-env", CONTAINER + ".envFrom[0].secretRef"),
                change(
                        BACKUP,
                        "value: /run/secrets/firedrill/source/uri",
                        "valueFrom: {secretKeyRef: {name: source, key: uri}}",
                        "secret-in-env",
                        CONTAINER + ".env[2].valueFrom.secretKeyRef"));
    }

    private static List<Fault> pods() {
        return List.of(
                change(
                        BACKUP,
                        "enableServiceLinks: false",
                        "hostNetwork: true",
                        "host-namespace",
                        POD + ".hostNetwork"),
                change(
                        BACKUP,
                        "emptyDir:\n              sizeLimit: 1Gi",
                        "hostPath:\n              path: /tmp",
                        "host-path",
                        POD + ".volumes[0].hostPath"),
                change(
                        BACKUP,
                        "emptyDir:\n              sizeLimit: 1Gi",
                        "emptyDir: {}",
                        "size-limit-missing",
                        POD + ".volumes[0].emptyDir.sizeLimit"),
                change(
                        BACKUP,
                        "automountServiceAccountToken: false",
                        "automountServiceAccountToken: true",
                        "service-account-token",
                        POD + ".automountServiceAccountToken"),
                drop(
                        BACKUP,
                        "serviceAccountName: firedrill-backup",
                        "service-account-default",
                        POD + ".serviceAccountName"),
                change(
                        "Namespace firedrill",
                        "enforce: restricted",
                        "enforce: baseline",
                        "pod-security",
                        "metadata.labels[\"pod-security.kubernetes.io/enforce\"]"));
    }

    private static List<Fault> jobs() {
        return List.of(
                change(
                        BACKUP,
                        "concurrencyPolicy: Forbid",
                        "concurrencyPolicy: Allow",
                        "cronjob-concurrency",
                        "spec.concurrencyPolicy"),
                drop(BACKUP, "timeZone: Etc/UTC", "cronjob-time-zone", "spec.timeZone"),
                drop(
                        BACKUP,
                        "startingDeadlineSeconds: 1800",
                        "cronjob-starting-deadline",
                        "spec.startingDeadlineSeconds"),
                change(
                        BACKUP,
                        "startingDeadlineSeconds: 1800",
                        "startingDeadlineSeconds: 9",
                        "cronjob-starting-deadline",
                        "spec.startingDeadlineSeconds"),
                drop(BACKUP, "failedJobsHistoryLimit: 5", "cronjob-history", "spec.failedJobsHistoryLimit"),
                change(
                        BACKUP,
                        "timeZone: Etc/UTC",
                        "suspend: true\n  timeZone: Etc/UTC",
                        "cronjob-suspended",
                        "spec.suspend"),
                drop(BACKUP, "backoffLimit: 2", "job-backoff-limit", JOB + ".backoffLimit"),
                change(
                        BACKUP,
                        "restartPolicy: Never",
                        "restartPolicy: OnFailure",
                        "job-restart-policy",
                        POD + ".restartPolicy"),
                change(
                        BACKUP,
                        "type: DisruptionTarget",
                        "type: ConfigIssue",
                        "job-failure-policy",
                        JOB + ".podFailurePolicy"),
                change(BACKUP, "action: FailJob", "action: Count", "job-failure-policy", JOB + ".podFailurePolicy"),
                drop(BACKUP, "activeDeadlineSeconds: 10800", "job-deadline", JOB + ".activeDeadlineSeconds"),
                drop(BACKUP, "ttlSecondsAfterFinished: 604800", "job-ttl", JOB + ".ttlSecondsAfterFinished"));
    }

    private static List<Fault> ingresses() {
        return List.of(
                change(
                        INGRESS,
                        "secretName: firedrill-tls",
                        "secretName: other-tls",
                        "ingress-tls-secret",
                        "spec.tls[0].secretName"),
                change(
                        INGRESS,
                        "  tls:\n  - hosts:\n    - firedrill.example.com\n    secretName: firedrill-tls",
                        "  defaultBackend: {service: {name: a, port: {number: 1}}}",
                        "ingress-tls-missing",
                        "spec.tls"),
                change(
                        INGRESS,
                        "- host: firedrill.example.com",
                        "- host: other.example.com",
                        "ingress-host-uncovered",
                        "spec.rules[0].host"),
                drop(
                        INGRESS,
                        "nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"",
                        "ingress-timeouts",
                        NGINX + "proxy-read-timeout\"]"),
                change(
                        INGRESS,
                        "proxy-send-timeout: \"3600\"",
                        "proxy-send-timeout: \"60\"",
                        "ingress-websocket",
                        NGINX + "proxy-send-timeout\"]"),
                change(
                        INGRESS,
                        "proxy-http-version: \"1.1\"",
                        "proxy-http-version: \"1.0\"",
                        "ingress-websocket",
                        NGINX + "proxy-http-version\"]"),
                change(
                        INGRESS,
                        "proxy-body-size: 1m",
                        "proxy-body-size: \"0\"",
                        "ingress-body-size",
                        NGINX + "proxy-body-size\"]"));
    }

    private static List<Fault> sets() {
        String longer = "firedrill-backup-of-the-orders-database-in-frankfurt-1";
        return List.of(
                change(
                        BACKUP,
                        "name: firedrill-backup\n  namespace",
                        "name: " + longer + "\n  namespace",
                        "cronjob-name-length",
                        "metadata.name"),
                change(
                        "NetworkPolicy firedrill/default-deny",
                        "podSelector: {}",
                        "podSelector: {matchLabels: {a: b}}",
                        "default-deny-missing",
                        "metadata.namespace"),
                change(
                        "NetworkPolicy firedrill/default-deny",
                        "  - Egress\n",
                        "",
                        "default-deny-missing",
                        "metadata.namespace"),
                change(
                        "ServiceAccount firedrill/firedrill-prune",
                        "name: firedrill-prune",
                        "name: firedrill-drill",
                        "duplicate-object",
                        "metadata.name"),
                change(
                        ARCHIVE,
                        "doctor.firedrill.io/probe-missing",
                        "doctor.firedrill.io/probes",
                        "waiver-unknown",
                        "metadata.annotations[\"doctor.firedrill.io/probes\"]"),
                before(ARCHIVE, DisruptionTest.THREE_PODS, "disruption-budget-missing", "spec.replicas"),
                before(
                        ARCHIVE,
                        DisruptionTest.budget("maxUnavailable: 0"),
                        "disruption-budget-blocks",
                        "spec.maxUnavailable"));
    }

    /** Another object in front of one. */
    private static Fault before(String object, String other, String rule, String path) {
        String head = "apiVersion: apps/v1\nkind: Deployment\n";
        return new Fault(object, head, other + "---\n" + head, rule, path);
    }
}
