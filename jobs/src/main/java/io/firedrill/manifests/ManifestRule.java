package io.firedrill.manifests;

import java.util.Locale;

/** What manifests have to keep: a flat list. {@code docs/MANIFESTS.md} is the same list. */
public enum ManifestRule {
    UNKNOWN_KIND("This API version has no such kind.", "Look for a slip of the pen in apiVersion and kind."),
    API_REMOVED("No supported Kubernetes serves this API version any more.", "Use v1 of the same group."),
    UNKNOWN_FIELD(
            "A field that the API does not know: it would be refused, or dropped without a word.",
            "Look for a slip of the pen, or for a wrong place; kubectl explain shows what there is."),
    WRONG_TYPE(
            "A value of another type than the API takes.",
            "Put numbers and true or false in quotes where text is meant, and only there."),
    DUPLICATE_KEY("A name stands twice in one map, and only one of its values counts.", "Keep one of them."),
    DUPLICATE_OBJECT("Two manifests describe the same object, and one overwrites the other.", "Keep one of them."),
    PLACEHOLDER(
            "A value that is reserved for examples: a digest or account of zeros, example.com.",
            "Fill it in; for overlays of Firedrill, scripts/k8s placeholders lists where."),
    WAIVER_UNKNOWN("A waiver names no rule, or gives no reason.", "Name a rule of this list, and say why."),

    IMAGE_TAG("A tag that moves: none, latest or the name of a branch.", "Name a version, and pin its digest."),
    IMAGE_DIGEST("An image without a digest: what runs tomorrow may be another.", "Pin it: name@sha256:…"),

    REQUESTS_MISSING("A container does not say how much CPU and memory it needs.", "Set resources.requests."),
    MEMORY_LIMIT_MISSING("A container may take all memory of its machine.", "Set resources.limits.memory."),
    MEMORY_DIFFERS(
            "A container is promised less memory than it may take, so it is killed when others take theirs.",
            "Let resources.requests.memory and resources.limits.memory be equal."),
    PROBE_MISSING(
            "Nobody asks whether a container that runs all the time still works.",
            "Add a readinessProbe or a livenessProbe, or waive this with a reason."),
    RUN_AS_NON_ROOT("A container may run as root.", "Set securityContext.runAsNonRoot: true."),
    SECCOMP("A container may make any system call.", "Set securityContext.seccompProfile.type: RuntimeDefault."),
    CAPABILITIES("A container keeps Linux capabilities.", "Set securityContext.capabilities.drop: [ALL]."),
    PRIVILEGE_ESCALATION(
            "A process may get more rights than its parent.", "Set securityContext.allowPrivilegeEscalation: false."),
    PRIVILEGED("A container has the rights of its machine.", "Leave securityContext.privileged out."),
    READ_ONLY_ROOT(
            "A container may write to its own image.",
            "Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir where it has to write."),
    HOST_NAMESPACE("A pod shares the network, the processes or the memory of its machine.", "Leave the field out."),
    HOST_PATH("A pod reaches into the file system of its machine.", "Use a volume claim, a ConfigMap or an emptyDir."),
    SIZE_LIMIT_MISSING("An emptyDir may fill the disk of its machine.", "Set emptyDir.sizeLimit."),
    SERVICE_ACCOUNT_TOKEN(
            "A pod gets a token for the Kubernetes API.",
            "Set automountServiceAccountToken: false, or waive this if it asks the API for something."),
    SERVICE_ACCOUNT_DEFAULT(
            "A pod runs as the account that everything else of its namespace runs as.", "Give it a ServiceAccount."),
    SECRET_IN_PLAIN(
            "A secret stands in a manifest, for everybody who reads it.",
            "Keep it in a Secret that is mounted as a file, and change it: it has been seen."),
    SECRET_IN_ENV(
            "A secret is in the environment, which child processes and crash reports get too.",
            "Mount the Secret as a file; settings ending in _FILE take its path."),

    JOB_BACKOFF_LIMIT("A failed job is tried six times, which is the default.", "Set backoffLimit."),
    JOB_RESTART_POLICY(
            "A failed container is started again in its pod: logs are lost, and podFailurePolicy does not work.",
            "Set restartPolicy: Never."),
    JOB_FAILURE_POLICY(
            "Evictions count as failures, and verdicts are asked for again.",
            "Set podFailurePolicy: first Ignore on DisruptionTarget, then FailJob on the exit codes that are final."),
    JOB_DEADLINE("A job that hangs runs for ever, and holds up the next.", "Set activeDeadlineSeconds."),
    JOB_TTL("Finished jobs stay for ever.", "Set ttlSecondsAfterFinished."),

    CRONJOB_CONCURRENCY("Two runs may be on the way at once.", "Set concurrencyPolicy: Forbid."),
    CRONJOB_TIME_ZONE("The schedule is in whatever zone the controller runs in.", "Set timeZone, such as Etc/UTC."),
    CRONJOB_STARTING_DEADLINE(
            "After 100 missed starts nothing is ever started again; below 10 seconds nothing may start at all.",
            "Set startingDeadlineSeconds to half an hour or so."),
    CRONJOB_HISTORY(
            "How many ended jobs stay to be looked at is left to the default.",
            "Set successfulJobsHistoryLimit and failedJobsHistoryLimit."),
    CRONJOB_NAME_LENGTH("The name is longer than 52 characters, and the controller appends 11.", "Shorten it."),
    CRONJOB_SUSPENDED("It never starts, and nothing says so.", "Leave suspend out, or waive this with a reason."),

    INGRESS_TLS_MISSING("Traffic comes in unencrypted.", "Add spec.tls with the hosts and the secret."),
    INGRESS_TLS_SECRET(
            "The TLS secret is neither among the manifests nor declared.",
            "Add the Secret, Certificate or ExternalSecret, or say --declared-secret NAME if it is made elsewhere."),
    INGRESS_HOST_UNCOVERED("A host is served without a certificate of its own.", "Add it to spec.tls[].hosts."),
    INGRESS_TIMEOUTS(
            "How long a request may take is left to the controller, which cuts off after a minute.",
            "Set proxy-read-timeout and proxy-send-timeout, in seconds."),
    INGRESS_BODY_SIZE("How much may be sent is left to the controller, or unlimited.", "Set proxy-body-size."),
    INGRESS_WEBSOCKET(
            "A WebSocket is cut off when it has been quiet for less than an hour, or cannot be opened.",
            "Set both time-outs to 3600 or more, and proxy-http-version to 1.1."),

    DEFAULT_DENY_MISSING(
            "Pods of a namespace may talk to everybody, and everybody to them.",
            "Add a NetworkPolicy with an empty podSelector, both policyTypes and no rules."),
    POD_SECURITY(
            "The namespace does not enforce the Pod Security Standard restricted.",
            "Label it pod-security.kubernetes.io/enforce: restricted."),

    DISRUPTION_BUDGET_MISSING(
            "Whoever empties machines may take the majority of a replica set away at once.",
            "Add a PodDisruptionBudget with maxUnavailable: 1 whose selector matches the pods' labels."),
    DISRUPTION_BUDGET_BLOCKS(
            "No pod may ever be moved: a machine that is to be emptied waits for ever.",
            "Set maxUnavailable: 1, or minAvailable below the number of replicas.");

    private final String why;
    private final String hint;

    ManifestRule(String why, String hint) {
        this.why = why;
        this.hint = hint;
    }

    /** How it is named in output and in waivers: {@code image-digest}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is wrong with what it finds. */
    public String why() {
        return why;
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }

    /** Where more about it is written. */
    public String link() {
        return "docs/MANIFESTS.md";
    }
}
