package io.firedrill.manifests;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Holds a resource against the model of its kind, field by field: unknown fields, wrong types, names that stand twice. */
final class SchemaCheck implements Check {
    private static final Set<String> REMOVED = Set.of(
            "extensions/v1beta1",
            "apps/v1beta1",
            "apps/v1beta2",
            "batch/v1beta1",
            "batch/v2alpha1",
            "networking.k8s.io/v1beta1",
            "policy/v1beta1",
            "rbac.authorization.k8s.io/v1alpha1",
            "rbac.authorization.k8s.io/v1beta1");
    private static final String QUANTITY = "[+-]?(\\d+|\\d+\\.\\d*|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?";

    /** What a YAML scalar may be tagged for a Java type; a date is text to Kubernetes. */
    private static final Map<Type, Set<Tag>> SCALARS = Map.of(
            String.class, Set.of(Tag.STR, Tag.TIMESTAMP),
            Integer.class, Set.of(Tag.INT),
            Long.class, Set.of(Tag.INT),
            Double.class, Set.of(Tag.INT, Tag.FLOAT),
            Boolean.class, Set.of(Tag.BOOL),
            IntOrString.class, Set.of(Tag.INT, Tag.STR));

    private final ApiModels models;

    SchemaCheck(ApiModels models) {
        this.models = models;
    }

    /** Whether there is a model to hold the resource against. */
    boolean covers(Resource resource) {
        return models.find(resource.apiVersion(), resource.kind()).isPresent();
    }

    @Override
    public void look(Resource resource, ResourceSet set, Findings findings) {
        Optional<Class<?>> model = models.find(resource.apiVersion(), resource.kind());
        Field kind = resource.root().get("kind");
        String api = resource.apiVersion();
        if (REMOVED.contains(api)) {
            findings.add(ManifestRule.API_REMOVED, resource.root().get("apiVersion"), "is " + api);
        } else if (model.isEmpty() && models.knowsGroup(api)) {
            findings.add(ManifestRule.UNKNOWN_KIND, kind, "%s has no %s".formatted(api, resource.kind()));
        }
        repeated(resource.root(), findings);
        model.ifPresent(type -> object(resource.root(), type, findings));
    }

    private static void repeated(Field field, Findings findings) {
        field.repeated()
                .forEach((name, later) -> findings.add(ManifestRule.DUPLICATE_KEY, later, name + " stands twice"));
        field.entries().values().forEach(each -> repeated(each, findings));
        field.items().forEach(each -> repeated(each, findings));
    }

    private static void object(Field field, Class<?> model, Findings findings) {
        Map<String, Type> known = ApiModels.fields(model);
        if (known.isEmpty()) {
            return;
        }
        if (!(field.node() instanceof MappingNode)) {
            wrong(field, "a map", findings);
            return;
        }
        field.entries().forEach((name, each) -> {
            Type type = known.get(name);
            if (type == null) {
                findings.add(ManifestRule.UNKNOWN_FIELD, each, model.getSimpleName() + " has no field " + name);
            } else {
                value(each, type, findings);
            }
        });
    }

    private static void value(Field field, Type type, Findings findings) {
        if (!field.isPresent()) {
            return;
        }
        if (type instanceof ParameterizedType generic) {
            collection(field, generic, findings);
        } else if (type == Quantity.class) {
            boolean right = field.text().filter(text -> text.matches(QUANTITY)).isPresent();
            findings.addIf(
                    !right, ManifestRule.WRONG_TYPE, field, found(field) + ", not a quantity such as 500m or 1Gi");
        } else if (SCALARS.containsKey(type)) {
            scalar(field, type, findings);
        } else if (type instanceof Class<?> model) {
            object(field, model, findings);
        }
    }

    private static void collection(Field field, ParameterizedType type, Findings findings) {
        Type[] of = type.getActualTypeArguments();
        Type element = of[of.length - 1];
        if (type.getRawType() == List.class) {
            each(field, field.node() instanceof SequenceNode, "a list", field.items(), element, findings);
        } else if (type.getRawType() == Map.class) {
            List<Field> values = List.copyOf(field.entries().values());
            each(field, field.node() instanceof MappingNode, "a map", values, element, findings);
        }
    }

    private static void each(
            Field field, boolean right, String wanted, List<Field> values, Type element, Findings findings) {
        if (right) {
            values.forEach(value -> value(value, element, findings));
        } else {
            wrong(field, wanted, findings);
        }
    }

    private static void scalar(Field field, Type type, Findings findings) {
        Node node = field.node();
        boolean right = node != null
                && field.text().isPresent()
                && SCALARS.getOrDefault(type, Set.of()).contains(node.getTag());
        if (!right) {
            wrong(field, wanted(type), findings);
        }
    }

    private static String wanted(Type type) {
        if (type == String.class) {
            return "text";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        return type == IntOrString.class ? "a number or text" : "a number";
    }

    private static void wrong(Field field, String wanted, Findings findings) {
        findings.add(ManifestRule.WRONG_TYPE, field, found(field) + ", not " + wanted);
    }

    /** The kind of what stands there, not the value: it may be a secret. */
    private static String found(Field field) {
        Node node = field.node();
        if (node instanceof MappingNode) {
            return "is a map";
        }
        if (node instanceof SequenceNode) {
            return "is a list";
        }
        Tag tag = node == null ? Tag.NULL : node.getTag();
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return "is a number";
        }
        return tag.equals(Tag.BOOL) ? "is true or false" : "is text";
    }
}
