package io.firedrill.migration;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Looks in a change's instructions for what has hurt others; what it finds is a suspicion, what it does not is no proof. */
final class BytecodeLint {
    private static final String SYNC = "com/mongodb/client/";
    private static final String SPRING = "org/springframework/data/mongodb/core/";
    private static final String SESSION = "Lcom/mongodb/client/ClientSession;";
    private static final Set<String> WRITES = Set.of(
            "insertOne",
            "insertMany",
            "updateOne",
            "updateMany",
            "replaceOne",
            "deleteOne",
            "deleteMany",
            "bulkWrite",
            "findOneAndUpdate",
            "findOneAndReplace",
            "findOneAndDelete");
    private static final Set<String> SAVES =
            Set.of("updateOne", "replaceOne", "findOneAndUpdate", "findOneAndReplace", "save", "updateFirst");
    private static final Set<String> DROPS =
            Set.of("drop", "dropCollection", "renameCollection", "dropIndex", "dropIndexes");
    private static final Set<String> DATA_DROPS = Set.of("drop", "dropCollection", "renameCollection");
    private static final Set<String> CREATES =
            Set.of("createIndex", "createIndexes", "createCollection", "createView", "ensureIndex");
    private static final Set<String> MANY = Set.of("updateMany", "deleteMany", "updateMulti");

    private static final Set<String> COMMANDS = Set.of("runCommand", "executeCommand");

    private final CodeGraph code;

    BytecodeLint(CodeGraph code) {
        this.code = code;
    }

    List<Finding> findings(ChangeUnit unit) {
        // By rule, so that a rule speaks once of a change: of the first place where it was seen.
        var found = new LinkedHashMap<LintRule, String>();
        declared(unit, found);
        for (MethodNode method : code.reached(unit.type(), unit.execution())) {
            if (unit.transactional()) {
                inTransaction(method, found);
            }
            calls(method, found);
        }
        unit.before().ifPresent(before -> code.reached(unit.type(), before).forEach(method -> calls(method, found)));
        return found.entrySet().stream()
                .map(entry -> entry.getKey().finding(entry.getValue()))
                .toList();
    }

    /** Whether a method has no instruction but the return. */
    static boolean isEmpty(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction.getOpcode() >= 0 && instruction.getOpcode() != Opcodes.RETURN) {
                return false;
            }
        }
        return true;
    }

    private static void declared(ChangeUnit unit, Map<LintRule, String> found) {
        Optional<MethodNode> empty = unit.rollback().filter(BytecodeLint::isEmpty);
        empty.ifPresent(method -> found.put(LintRule.ROLLBACK_EMPTY, "@RollbackExecution %s()".formatted(method.name)));
        if (unit.rollback().isEmpty()) {
            found.put(LintRule.ROLLBACK_MISSING, "a change set has none");
        }
        unit.rollbackBefore()
                .filter(BytecodeLint::isEmpty)
                .ifPresent(method -> found.putIfAbsent(
                        LintRule.ROLLBACK_EMPTY, "@RollbackBeforeExecution %s()".formatted(method.name)));
        if (unit.transactional() && unit.rollback().isPresent() && empty.isEmpty()) {
            found.put(LintRule.ROLLBACK_NEVER_CALLED, "the change is transactional");
        }
        if (!unit.failFast() && unit.transactional()) {
            found.put(LintRule.FAILFAST_FALSE_TRANSACTIONAL, "failFast = false and transactional");
        }
        if (unit.author().isEmpty()) {
            found.put(LintRule.AUTHOR_EMPTY, "no author is given");
        }
        if (unit.order().isBlank()) {
            found.put(LintRule.ORDER_EMPTY, "order is '%s'".formatted(unit.order()));
        }
        if (unit.legacy()) {
            found.put(LintRule.LEGACY_CHANGELOG, "@ChangeSet of a @ChangeLog");
        }
    }

    private static void inTransaction(MethodNode method, Map<LintRule, String> found) {
        for (MethodInsnNode call : callsOf(method)) {
            if (isDdl(call)) {
                note(found, LintRule.DDL_IN_TRANSACTION, call, method);
            }
            if (call.owner.equals(SYNC + "MongoCollection")
                    && WRITES.contains(call.name)
                    && !call.desc.contains(SESSION)) {
                note(found, LintRule.SESSION_NOT_PASSED, call, method);
            }
        }
    }

    private static boolean isDdl(MethodInsnNode call) {
        return isDatabase(call) && (CREATES.contains(call.name) || DROPS.contains(call.name));
    }

    /** Whether its rollback can be in a transaction, as the change was: a command by name may be anything. */
    boolean undoneInTransaction(ChangeUnit unit) {
        return unit.transactional()
                && unit.rollback().stream()
                        .flatMap(rollback -> code.reached(unit.type(), rollback).stream())
                        .flatMap(method -> callsOf(method).stream())
                        .noneMatch(call -> isDdl(call) || (isDatabase(call) && COMMANDS.contains(call.name)));
    }

    private void calls(MethodNode method, Map<LintRule, String> found) {
        for (MethodInsnNode call : callsOf(method)) {
            if (isNondeterministic(call)) {
                note(found, LintRule.NONDETERMINISTIC_VALUE, call, method);
            }
            if (isDatabase(call) && DATA_DROPS.contains(call.name)) {
                note(found, LintRule.DROP_WITHOUT_ARCHIVE, call, method);
            }
            if (isDatabase(call) && MANY.contains(call.name)) {
                note(found, LintRule.UNBOUNDED_UPDATE, call, method);
            }
            if (call.name.equals("unique") && call.owner.matches(".*/(IndexOptions|Index)")) {
                note(found, LintRule.UNIQUE_INDEX_UNCHECKED, call, method);
            }
            if (call.name.equals("validator") && call.owner.endsWith("/ValidationOptions")) {
                note(found, LintRule.VALIDATOR_UNCHECKED, call, method);
            }
            if (startsProcess(call)) {
                note(found, LintRule.PROCESS_STARTED, call, method);
            }
            if (isSaveInLoop(call, method)) {
                note(found, LintRule.FIND_THEN_SAVE, call, method);
            }
        }
        constants(method, found);
    }

    private void constants(MethodNode method, Map<LintRule, String> found) {
        boolean spring = callsOf(method).stream().anyMatch(BytecodeLint::isTemplate);
        for (AbstractInsnNode instruction : method.instructions) {
            if (!(instruction instanceof LdcInsnNode constant)) {
                continue;
            }
            if ("collMod".equals(constant.cst)) {
                found.putIfAbsent(LintRule.VALIDATOR_UNCHECKED, "collMod in %s()".formatted(method.name));
            }
            if (spring
                    && constant.cst instanceof Type type
                    && type.getSort() == Type.OBJECT
                    && code.isApplication(type.getInternalName())) {
                found.putIfAbsent(LintRule.DOMAIN_CLASS_USED, "%s in %s()".formatted(type.getClassName(), method.name));
            }
        }
    }

    private static boolean startsProcess(MethodInsnNode call) {
        return switch (call.owner) {
            case "java/lang/ProcessBuilder" -> Set.of("start", "startPipeline").contains(call.name);
            case "java/lang/Runtime" -> call.name.equals("exec");
            default -> false;
        };
    }

    private static boolean isNondeterministic(MethodInsnNode call) {
        return switch (call.name) {
            case "<init>" ->
                call.desc.equals("()V")
                        && Set.of(
                                        "java/util/Date",
                                        "java/util/Random",
                                        "java/security/SecureRandom",
                                        "org/bson/types/ObjectId")
                                .contains(call.owner);
            case "randomUUID" -> call.owner.equals("java/util/UUID");
            case "now" -> call.owner.startsWith("java/time/");
            case "random" -> call.owner.equals("java/lang/Math");
            case "currentTimeMillis", "nanoTime" -> call.owner.equals("java/lang/System");
            case "get" -> call.owner.equals("org/bson/types/ObjectId");
            default -> false;
        };
    }

    /** A write between the start of a loop and the jump back to it, where the loop asks for a next document. */
    private static boolean isSaveInLoop(MethodInsnNode save, MethodNode method) {
        if (!isDatabase(save) || !SAVES.contains(save.name)) {
            return false;
        }
        InsnList instructions = method.instructions;
        int at = instructions.indexOf(save);
        for (AbstractInsnNode instruction : instructions) {
            if (instruction instanceof JumpInsnNode jump) {
                int start = instructions.indexOf(jump.label);
                int end = instructions.indexOf(jump);
                if (start < at && at < end && asksForNext(instructions, start, end)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean asksForNext(InsnList instructions, int start, int end) {
        Predicate<AbstractInsnNode> next = each ->
                each instanceof MethodInsnNode call && Set.of("next", "tryNext").contains(call.name);
        for (int i = start; i < end; i++) {
            if (next.test(instructions.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDatabase(MethodInsnNode call) {
        return call.owner.equals(SYNC + "MongoCollection")
                || call.owner.equals(SYNC + "MongoDatabase")
                || call.owner.equals(SPRING + "index/IndexOperations")
                || isTemplate(call);
    }

    private static boolean isTemplate(MethodInsnNode call) {
        return call.owner.equals(SPRING + "MongoTemplate") || call.owner.equals(SPRING + "MongoOperations");
    }

    private static Set<MethodInsnNode> callsOf(MethodNode method) {
        var calls = new LinkedHashSet<MethodInsnNode>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof MethodInsnNode call) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static void note(Map<LintRule, String> found, LintRule rule, MethodInsnNode call, MethodNode method) {
        String owner = call.owner.substring(call.owner.lastIndexOf('/') + 1);
        String called = call.name.equals("<init>") ? "new " + owner : owner + "." + call.name;
        found.putIfAbsent(rule, "%s() in %s()".formatted(called, method.name));
    }
}
