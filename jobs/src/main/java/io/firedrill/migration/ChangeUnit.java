package io.firedrill.migration;

import java.util.List;
import java.util.Optional;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A Mongock change as its class file has it: a {@code @ChangeUnit}, or a {@code @ChangeSet} method of a
 * {@code @ChangeLog}.
 *
 * @param order of the class, by which Mongock sorts before anything else
 * @param innerOrder of a change set within its change log; empty for a change unit
 */
record ChangeUnit(
        ClassNode type,
        String id,
        String author,
        String order,
        String innerOrder,
        boolean failFast,
        boolean runAlways,
        boolean transactional,
        boolean legacy,
        MethodNode execution,
        Optional<MethodNode> rollback,
        Optional<MethodNode> before,
        Optional<MethodNode> rollbackBefore) {

    String className() {
        return type.name.replace('/', '.');
    }

    /** What is run when all goes well. */
    List<MethodNode> forward() {
        return before.map(first -> List.of(first, execution)).orElseGet(() -> List.of(execution));
    }
}
