package io.firedrill.migration;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Reads Mongock's annotations from class files, and keeps what Mongock itself would refuse. */
final class ChangeUnitReader {
    private static final String API = "Lio/mongock/api/annotations/";
    private static final String LEGACY = "Lcom/github/cloudyrock/mongock/";
    static final String CHANGE_UNIT = API + "ChangeUnit;";
    static final String CHANGE_LOG = LEGACY + "ChangeLog;";

    private final CodeGraph code;
    private final List<String> refusals = new ArrayList<>();

    ChangeUnitReader(CodeGraph code) {
        this.code = code;
    }

    /** Why Mongock would not start: one line for each reason. */
    List<String> refusals() {
        return refusals;
    }

    /** The changes of one class; none if it has no annotation of Mongock's, or one that Mongock would refuse. */
    List<ChangeUnit> read(ClassNode type) {
        Map<String, Object> unit = values(type.visibleAnnotations, CHANGE_UNIT);
        if (unit != null) {
            return unit(type, unit).stream().toList();
        }
        Map<String, Object> log = values(type.visibleAnnotations, CHANGE_LOG);
        return log == null ? List.of() : sets(type, log);
    }

    private Optional<ChangeUnit> unit(ClassNode type, Map<String, Object> values) {
        Map<String, List<MethodNode>> roles = roles(type);
        List<MethodNode> executions = roles.getOrDefault("Execution", List.of());
        List<MethodNode> rollbacks = roles.getOrDefault("RollbackExecution", List.of());
        List<MethodNode> befores = roles.getOrDefault("BeforeExecution", List.of());
        List<MethodNode> rollbackBefores = roles.getOrDefault("RollbackBeforeExecution", List.of());
        int before = refusals.size();
        requireOne(type, "@Execution", executions);
        requireOne(type, "@RollbackExecution", rollbacks);
        if (befores.size() > 1) {
            refuse(type, "has %d public methods with @BeforeExecution".formatted(befores.size()));
        }
        if (befores.size() == 1) {
            requireOne(type, "@RollbackBeforeExecution", rollbackBefores);
        }
        if (refusals.size() > before) {
            return Optional.empty();
        }
        return Optional.of(new ChangeUnit(
                type,
                text(values, "id", ""),
                text(values, "author", ""),
                text(values, "order", ""),
                "",
                flag(values, "failFast", true),
                flag(values, "runAlways", false),
                flag(values, "transactional", true),
                false,
                executions.getFirst(),
                rollbacks.stream().findFirst(),
                befores.stream().findFirst(),
                rollbackBefores.stream().findFirst()));
    }

    private void requireOne(ClassNode type, String annotation, List<MethodNode> methods) {
        if (methods.isEmpty()) {
            refuse(type, "has no public method with " + annotation);
        } else if (methods.size() > 1) {
            refuse(type, "has %d public methods with %s".formatted(methods.size(), annotation));
        }
    }

    private void refuse(ClassNode type, String why) {
        refusals.add(type.name.replace('/', '.') + " " + why);
    }

    private List<ChangeUnit> sets(ClassNode type, Map<String, Object> log) {
        var sets = new ArrayList<ChangeUnit>();
        for (MethodNode method : type.methods) {
            Map<String, Object> set = values(method.visibleAnnotations, LEGACY + "ChangeSet;");
            if (set != null) {
                sets.add(new ChangeUnit(
                        type,
                        text(set, "id", ""),
                        text(set, "author", ""),
                        text(log, "order", ""),
                        text(set, "order", ""),
                        flag(set, "failFast", true) && flag(log, "failFast", true),
                        flag(set, "runAlways", false),
                        true,
                        true,
                        method,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
            }
        }
        return sets;
    }

    /** By annotation the public methods that have it, inherited ones too; one that is overridden does not count. */
    private Map<String, List<MethodNode>> roles(ClassNode type) {
        var roles = new HashMap<String, List<MethodNode>>();
        Set<String> seen = new HashSet<>();
        for (Optional<ClassNode> at = Optional.of(type); at.isPresent(); at = code.superclass(at.get())) {
            for (MethodNode method : at.get().methods) {
                if (!seen.add(method.name + method.desc) || !Modifier.isPublic(method.access)) {
                    continue;
                }
                for (AnnotationNode annotation : annotations(method.visibleAnnotations)) {
                    if (annotation.desc.startsWith(API)) {
                        String role = annotation.desc.substring(API.length(), annotation.desc.length() - 1);
                        roles.computeIfAbsent(role, _ -> new ArrayList<>()).add(method);
                    }
                }
            }
        }
        return roles;
    }

    private static @Nullable Map<String, Object> values(@Nullable List<AnnotationNode> annotations, String wanted) {
        for (AnnotationNode annotation : annotations(annotations)) {
            if (annotation.desc.equals(wanted)) {
                var values = new HashMap<String, Object>();
                List<Object> pairs = annotation.values == null ? List.of() : annotation.values;
                for (int i = 0; i + 1 < pairs.size(); i += 2) {
                    values.put(String.valueOf(pairs.get(i)), pairs.get(i + 1));
                }
                return values;
            }
        }
        return null;
    }

    private static List<AnnotationNode> annotations(@Nullable List<AnnotationNode> annotations) {
        return annotations == null ? List.of() : annotations;
    }

    private static String text(Map<String, Object> values, String name, String otherwise) {
        return values.getOrDefault(name, otherwise) instanceof String text ? text : otherwise;
    }

    private static boolean flag(Map<String, Object> values, String name, boolean otherwise) {
        return values.getOrDefault(name, otherwise) instanceof Boolean flag ? flag : otherwise;
    }
}
