package io.firedrill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.manifests.PlantedFaults.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault is planted into the rendered production overlay, and has to be found by its rule, at its place. */
class PlantedFaultsTest {
    @ParameterizedTest
    @MethodSource("io.firedrill.manifests.PlantedFaults#faults")
    void everyPlantedFaultIsFoundByItsRuleAtItsPlace(Fault fault) {
        String sound = Rendered.text("prod");
        String resource = resource(sound, fault.object());
        assertThat(resource).as("what is changed").contains(fault.from());
        String changed = fault.to().isEmpty() && !fault.from().endsWith("\n")
                ? resource.replaceFirst("(?m)^.*\\Q" + fault.from() + "\\E.*\\n?", "")
                : resource.replaceFirst("\\Q" + fault.from() + "\\E", Matcher.quoteReplacement(fault.to()));
        String planted = sound.replace(resource, changed);
        assertThat(planted).isNotEqualTo(sound);

        List<ManifestFinding> found = Rendered.faults(planted).stream()
                .filter(finding -> finding.rule().id().equals(fault.rule())
                        && finding.path().equals(fault.path()))
                .toList();

        assertThat(found)
                .as("by %s at %s, in %s", fault.rule(), fault.path(), Rendered.faults(planted))
                .hasSize(1);
        ManifestFinding finding = found.getFirst();
        assertThat(finding.file()).isEqualTo("prod.yaml");
        assertThat(finding.detail()).isNotBlank().doesNotContain("Pa55word");
        if (!fault.rule().equals("default-deny-missing")) {
            int begin = lineOf(planted, planted.indexOf(changed));
            assertThat(finding.line())
                    .isBetween(begin, begin + (int) changed.lines().count());
            assertThat(finding.document()).isEqualTo(documentOf(planted, planted.indexOf(changed)));
        }
        String name = fault.path().replaceFirst(".*\\.", "");
        if (name.equals("image") || fault.to().startsWith(name + ":")) {
            int begin = lineOf(planted, planted.indexOf(changed) + changed.indexOf(fault.to()));
            assertThat(finding.line()).as("the very line").isEqualTo(begin);
        }
    }

    @Test
    void thirtyFaultsAtLeastArePlantedAndEveryRuleFindsOne() {
        assertThat(PlantedFaults.faults()).hasSizeGreaterThanOrEqualTo(30);
        assertThat(PlantedFaults.faults().stream().map(Fault::rule).collect(Collectors.toSet()))
                .containsAll(Arrays.stream(ManifestRule.values())
                        .filter(rule -> rule != ManifestRule.PLACEHOLDER)
                        .map(ManifestRule::id)
                        .toList());
    }

    /** The document that holds the object, by a way of its own. */
    private static String resource(String text, String title) {
        String kind = title.replaceFirst(" .*", "");
        String name = title.replaceFirst(".*[ /]", "");
        return Arrays.stream(text.split("(?m)^---\\n"))
                .filter(each -> each.contains("kind: " + kind + "\n") && each.contains("\n  name: " + name + "\n"))
                .findFirst()
                .orElseThrow();
    }

    private static int lineOf(String text, int at) {
        return (int) text.substring(0, at).chars().filter(each -> each == '\n').count() + 1;
    }

    private static int documentOf(String text, int at) {
        return (int) text.substring(0, at).lines().filter("---"::equals).count() + 1;
    }
}
