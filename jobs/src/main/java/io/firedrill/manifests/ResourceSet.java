package io.firedrill.manifests;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All resources that are applied together, and the secrets of which somebody said that they are there. */
final class ResourceSet {
    private final List<Resource> resources;
    private final Set<String> secrets = new HashSet<>();

    ResourceSet(List<Resource> resources, Set<String> declaredSecrets) {
        this.resources = resources;
        secrets.addAll(declaredSecrets);
        resources.forEach(each -> secretOf(each).ifPresent(secrets::add));
    }

    List<Resource> resources() {
        return resources;
    }

    Stream<Resource> of(String kind, String namespace) {
        return resources.stream()
                .filter(each -> each.kind().equals(kind) && each.namespace().equals(namespace));
    }

    /** Whether a secret is declared, is among the resources, or is made by one of them. */
    boolean hasSecret(String namespace, String name) {
        return secrets.contains(name) || secrets.contains(namespace + "/" + name);
    }

    /** The secret that a resource is, or that its operator makes of it, as namespace/name. */
    private static Optional<String> secretOf(Resource resource) {
        String own = resource.name();
        Optional<String> name =
                switch (resource.kind()) {
                    case "Secret", "SealedSecret" -> Optional.of(own);
                    case "Certificate" -> resource.spec().get("secretName").text();
                    case "ExternalSecret" ->
                        Optional.of(resource.spec().at("target", "name").text().orElse(own));
                    default -> Optional.empty();
                };
        return name.map(text -> resource.namespace() + "/" + text);
    }
}
