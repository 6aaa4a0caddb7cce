package io.firedrill.manifests;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether an ingress is encrypted, and what it lets through for how long. The annotations are those of ingress-nginx, and are asked
 * for where the class is not another controller's.
 */
final class IngressCheck implements Check {
    private static final String NGINX = "nginx.ingress.kubernetes.io/";
    private static final long WEBSOCKET_SECONDS_MIN = 3600;

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        if (!resource.kind().equals("Ingress")) {
            return;
        }
        encryption(resource, set, findings);
        String type = resource.spec()
                .get("ingressClassName")
                .text()
                .or(() -> resource.annotation("kubernetes.io/ingress.class").text())
                .orElse("nginx");
        if (type.contains("nginx")) {
            limits(resource, findings);
        }
    }

    private static void encryption(Resource resource, ResourceSet set, Findings findings) {
        Field tls = resource.spec().get("tls");
        List<Field> all = tls.items();
        findings.addIf(all.isEmpty(), ManifestRule.INGRESS_TLS_MISSING, tls, "is missing");
        boolean issued = resource.annotation("cert-manager.io/cluster-issuer").isPresent()
                || resource.annotation("cert-manager.io/issuer").isPresent();
        for (Field each : all) {
            Field secret = each.get("secretName");
            String name = secret.text().orElse("");
            boolean there = !name.isEmpty() && (issued || set.hasSecret(resource.namespace(), name));
            findings.addIf(!there, ManifestRule.INGRESS_TLS_SECRET, secret, "there is no Secret '%s'".formatted(name));
        }
        Set<String> covered =
                all.stream().flatMap(each -> each.get("hosts").texts().stream()).collect(Collectors.toSet());
        for (Field rule : resource.spec().get("rules").items()) {
            Field host = rule.get("host");
            String name = host.text().orElse("*");
            boolean open =
                    !all.isEmpty() && !covered.contains(name) && !covered.contains(name.replaceFirst("^[^.]+", "*"));
            findings.addIf(open, ManifestRule.INGRESS_HOST_UNCOVERED, host, name + " is in no spec.tls[].hosts");
        }
    }

    private static void limits(Resource resource, Findings findings) {
        Field read = resource.annotation(NGINX + "proxy-read-timeout");
        Field send = resource.annotation(NGINX + "proxy-send-timeout");
        for (Field timeout : List.of(read, send)) {
            boolean set = timeout.number().orElse(0) > 0;
            findings.addIf(!set, ManifestRule.INGRESS_TIMEOUTS, timeout, "does not say how many seconds");
            boolean hasty = set && timeout.number().orElse(0) < WEBSOCKET_SECONDS_MIN;
            findings.addIf(hasty, ManifestRule.INGRESS_WEBSOCKET, timeout, "is less than an hour");
        }
        Field body = resource.annotation(NGINX + "proxy-body-size");
        boolean unlimited = body.text().filter(text -> !text.equals("0")).isEmpty();
        findings.addIf(unlimited, ManifestRule.INGRESS_BODY_SIZE, body, "sets no limit");
        Field version = resource.annotation(NGINX + "proxy-http-version");
        findings.require(version, "1.1", ManifestRule.INGRESS_WEBSOCKET);
    }
}
