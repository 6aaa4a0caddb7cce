package io.firedrill.manifests;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * What the Kubernetes API knows, from the models of its Java client. Nothing is deserialised into them: they take unknown fields
 * without a word, and turn numbers into texts and back.
 */
final class ApiModels {
    private final Map<String, Class<?>> kinds = new HashMap<>();
    private final Set<String> groups = new HashSet<>();

    private ApiModels() {}

    static ApiModels load() {
        var models = new ApiModels();
        ServiceLoader.load(KubernetesResource.class, KubernetesResource.class.getClassLoader()).stream()
                .forEach(provider -> models.add(provider.type()));
        return models;
    }

    private void add(Class<? extends KubernetesResource> type) {
        Version version = type.getAnnotation(Version.class);
        Group group = type.getAnnotation(Group.class);
        if (version != null && group != null) {
            String apiVersion = group.value().isEmpty() ? version.value() : group.value() + "/" + version.value();
            groups.add(group.value());
            kinds.put(apiVersion + " " + type.getSimpleName(), type);
        }
    }

    Optional<Class<?>> find(String apiVersion, String kind) {
        return Optional.ofNullable(kinds.get(apiVersion + " " + kind));
    }

    /** Whether kinds of the API group are known at all; others belong to somebody's own resources. */
    boolean knowsGroup(String apiVersion) {
        return groups.contains(apiVersion.contains("/") ? apiVersion.replaceFirst("/.*", "") : "");
    }

    /** The fields of a model with their types, by the names they have in JSON; none, if the model takes anything. */
    static Map<String, Type> fields(Class<?> model) {
        Map<String, Type> fields = new HashMap<>();
        Arrays.stream(model.getDeclaredFields()).forEach(field -> {
            JsonProperty name = field.getAnnotation(JsonProperty.class);
            if (name != null) {
                fields.put(name.value(), field.getGenericType());
            }
        });
        return fields;
    }
}
