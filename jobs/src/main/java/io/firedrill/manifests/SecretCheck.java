package io.firedrill.manifests;

import java.util.regex.Pattern;

/** Secrets where everybody can read them. No message repeats a value. */
final class SecretCheck implements Check {
    private static final Pattern NAME =
            Pattern.compile("(?i).*(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY).*");
    private static final Pattern HARMLESS_NAME = Pattern.compile("(?i).*(_FILE|_PATH|_DIR|_NAME|_ID)");
    private static final Pattern VALUE = Pattern.compile(
            "(?s).*([a-z][a-z0-9+.-]*://[^/\\s:@]+:[^/\\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}).*");

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        for (Field container : resource.containers()) {
            container.get("env").items().forEach(variable -> variable(variable, findings));
            container.get("envFrom").items().forEach(source -> reference(source.get("secretRef"), findings));
            container.get("args").items().forEach(argument -> plain("", argument, findings));
            container.get("command").items().forEach(argument -> plain("", argument, findings));
        }
        if (resource.kind().equals("ConfigMap")) {
            resource.root().get("data").entries().forEach((name, value) -> plain(name, value, findings));
        }
    }

    private static void variable(Field variable, Findings findings) {
        plain(variable.get("name").text().orElse(""), variable.get("value"), findings);
        reference(variable.at("valueFrom", "secretKeyRef"), findings);
    }

    private static void reference(Field reference, Findings findings) {
        String secret = reference.get("name").text().orElse("?");
        findings.addIf(reference.isPresent(), ManifestRule.SECRET_IN_ENV, reference, "takes it from Secret " + secret);
    }

    /** A path is no secret, and neither is a reference to another variable. */
    private static void plain(String name, Field value, Findings findings) {
        String text = value.text().orElse("");
        boolean named = NAME.matcher(name).matches()
                && !HARMLESS_NAME.matcher(name).matches()
                && !text.isBlank()
                && !text.startsWith("/")
                && !text.startsWith("$(");
        boolean secret = named || VALUE.matcher(text).matches();
        String what = name.isEmpty() ? "an argument" : name;
        findings.addIf(secret, ManifestRule.SECRET_IN_PLAIN, value, what + " holds what looks like a secret");
    }
}
