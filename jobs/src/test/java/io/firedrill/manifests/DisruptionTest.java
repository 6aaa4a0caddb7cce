package io.firedrill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may happen to a replica set when machines are emptied. */
class DisruptionTest {
    static final String THREE_PODS = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: db
              namespace: firedrill
            spec:
              replicas: 3
              serviceName: db
              selector:
                matchLabels:
                  app: db
              template:
                metadata:
                  labels:
                    app: db
                    tier: data
            """;

    static String budget(String limit) {
        return """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata:
                  name: db
                  namespace: firedrill
                spec:
                  %s
                  selector:
                    matchLabels:
                      app: db
                """.formatted(limit);
    }

    private static List<String> found(String... documents) {
        return Rendered.faults(String.join("---\n", documents)).stream()
                .filter(finding -> finding.rule().id().startsWith("disruption"))
                .map(finding -> finding.rule().id() + " " + finding.path())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"maxUnavailable: 1", "maxUnavailable: 34%", "minAvailable: 2", "minAvailable: 50%"})
    void aBudgetThatLetsOnePodGoIsSound(String limit) {
        assertThat(found(THREE_PODS, budget(limit))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"maxUnavailable: 0", "maxUnavailable: 0%", "minAvailable: 3", "minAvailable: 4", "minAvailable: 100%"})
    void aBudgetThatLetsNoneGoIsFound(String limit) {
        assertThat(found(THREE_PODS, budget(limit)))
                .containsExactly("disruption-budget-blocks spec." + limit.replaceFirst(":.*", ""));
    }

    @Test
    void aBudgetForOthersIsNone() {
        assertThat(found(THREE_PODS, budget("maxUnavailable: 1").replace("app: db", "app: other")))
                .containsExactly("disruption-budget-missing spec.replicas");
        assertThat(found(THREE_PODS, budget("maxUnavailable: 1").replace("firedrill", "elsewhere")))
                .containsExactly("disruption-budget-missing spec.replicas");
    }

    @Test
    void aSinglePodNeedsNone() {
        assertThat(found(THREE_PODS.replace("replicas: 3", "replicas: 1"))).isEmpty();
        assertThat(found(THREE_PODS.replace("  replicas: 3\n", ""))).isEmpty();
    }

    @Test
    void aBudgetThatSelectsByExpressionsIsLeftToItsAuthor() {
        String byExpression = budget("maxUnavailable: 1")
                .replace("matchLabels:\n      app: db", "matchExpressions:\n    - {key: app, operator: Exists}");
        assertThat(found(THREE_PODS, byExpression)).isEmpty();
    }
}
