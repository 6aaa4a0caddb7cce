package io.firedrill.manifests;

import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is still to be filled in, what is there twice, and waivers that waive nothing. */
final class SetCheck implements Check {
    /** What RFC 2606 and common sense reserve for examples. */
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "([A-Za-z0-9.-]*\\.)?example\\.com|sha256:0{64}|arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:0{12}:");

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        placeholders(resource.root(), findings);
        boolean first = set.resources().stream()
                .filter(each -> isSameObject(each, resource))
                .findFirst()
                .filter(each -> Objects.equals(each, resource))
                .isPresent();
        Field name = resource.root().at("metadata", "name");
        findings.addIf(!first, ManifestRule.DUPLICATE_OBJECT, name, "there is another " + resource.title());
        resource.waivers().forEach((rule, reason) -> {
            boolean known = Arrays.stream(ManifestRule.values())
                    .anyMatch(each -> each.id().equals(rule));
            boolean blank = reason.text().orElse("").isBlank();
            findings.addIf(!known, ManifestRule.WAIVER_UNKNOWN, reason, "there is no rule " + rule);
            findings.addIf(known && blank, ManifestRule.WAIVER_UNKNOWN, reason, "has no reason");
        });
    }

    private static boolean isSameObject(Resource left, Resource right) {
        return left.title().equals(right.title()) && left.apiVersion().equals(right.apiVersion());
    }

    private static void placeholders(Field field, Findings findings) {
        field.text().ifPresent(text -> {
            Matcher found = PLACEHOLDER.matcher(text);
            while (found.find()) {
                findings.add(ManifestRule.PLACEHOLDER, field, "holds " + found.group());
            }
        });
        field.entries().values().forEach(each -> placeholders(each, findings));
        field.items().forEach(each -> placeholders(each, findings));
    }
}
