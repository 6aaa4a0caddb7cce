package io.firedrill.mongock;

import io.mongock.api.config.MongockConfiguration;
import io.mongock.api.exception.MongockException;
import io.mongock.driver.api.driver.ConnectionDriver;
import io.mongock.driver.api.entry.ChangeEntry;
import io.mongock.driver.api.entry.ChangeState;
import io.mongock.driver.api.lock.LockManager;
import io.mongock.runner.core.executor.ChangeLogRuntimeImpl;
import io.mongock.runner.core.executor.changelog.ChangeLogService;
import io.mongock.runner.core.executor.dependency.DependencyManager;
import io.mongock.runner.core.internal.ChangeLogItem;
import io.mongock.runner.core.internal.ChangeSetItem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Takes back one change that Mongock has executed, which its community edition cannot: {@code @RollbackExecution}, then
 * {@code @RollbackBeforeExecution}, under Mongock's lock, each with a row that makes the change pending again.
 */
final class Undo {
    private static final Set<String> NAMES = Set.of("Named", "Qualifier");

    private final ConnectionDriver driver;
    private final MongockConfiguration config;
    private final ChangeLogRuntimeImpl runtime;
    private final String executionId = "undo-" + UUID.randomUUID();

    Undo(ConnectionDriver driver, MongockConfiguration config, DependencyManager dependencies) {
        this.driver = driver;
        this.config = config;
        this.runtime = new ChangeLogRuntimeImpl(
                dependencies, Undo::name, driver.getNonProxyableTypes(), config.isLockGuardEnabled());
    }

    /** As Mongock reads it: a parameter is found by its type unless an annotation names a bean; an empty name is none. */
    private static String name(Parameter parameter) {
        for (Annotation annotation : parameter.getAnnotations()) {
            Class<? extends Annotation> type = annotation.annotationType();
            if (NAMES.contains(type.getSimpleName())) {
                try {
                    return String.valueOf(type.getMethod("value").invoke(annotation));
                } catch (ReflectiveOperationException thrown) {
                    throw new MongockException(thrown);
                }
            }
        }
        return "";
    }

    void run(Order order) throws ReflectiveOperationException {
        ChangeLogItem item = item(Class.forName(order.value("class")));
        try (LockManager lock = driver.getLockManager()) {
            lock.acquireLockDefault();
            runtime.initialize(lock);
            injectDriver();
            Object unit = runtime.getInstance(item.getType());
            boolean transaction = Boolean.parseBoolean(order.value("transaction"));
            for (ChangeSetItem change : item.getChangeSetItems()) {
                requireExecuted(change);
                takeBack(unit, change, transaction);
            }
            for (ChangeSetItem before : item.getBeforeItems()) {
                if (isExecuted(before)) {
                    // The driver's session ended with the transaction.
                    injectDriver();
                    takeBack(unit, before, false);
                }
            }
        }
    }

    private ChangeLogItem item(Class<?> type) {
        var service = new ChangeLogService();
        service.setChangeLogsBaseClassList(List.of(type));
        service.setDefaultAuthor(config.getDefaultAuthor());
        return service.fetchChangeLogs().first();
    }

    private void injectDriver() {
        driver.prepareForExecutionBlock();
        runtime.updateDriverDependencies(driver.getDependencies());
    }

    private boolean isExecuted(ChangeSetItem change) {
        return driver.getChangeEntryService().getExecuted().stream()
                .anyMatch(entry -> entry.getChangeId().equals(change.getId())
                        && entry.getAuthor().equals(change.getAuthor()));
    }

    private void requireExecuted(ChangeSetItem change) {
        if (!isExecuted(change)) {
            throw new MongockException("change " + change.getId() + " is not executed: there is nothing to take back");
        }
    }

    private void takeBack(Object unit, ChangeSetItem change, boolean transaction) {
        Method rollback = change.getRollbackMethod()
                .orElseThrow(() -> new MongockException("change " + change.getId() + " has no rollback"));
        Runnable work = () -> takeBack(unit, change, rollback);
        try {
            if (transaction && driver.getTransactioner().isPresent()) {
                driver.getTransactioner().get().executeInTransaction(work);
            } else {
                work.run();
            }
        } catch (RuntimeException thrown) {
            noteFailure(change, thrown);
            throw thrown;
        }
    }

    /** As Mongock does; outside of the transaction, which took everything with it. */
    private void noteFailure(ChangeSetItem change, RuntimeException failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        try {
            driver.getChangeEntryService()
                    .saveOrUpdate(ChangeEntry.failedInstance(
                            executionId,
                            change.getAuthor(),
                            ChangeState.ROLLBACK_FAILED,
                            change.getType(),
                            change.getId(),
                            change.getMethod().getDeclaringClass().getName(),
                            change.getMethod().getName(),
                            -1,
                            host(),
                            config.getMetadata(),
                            trace.toString(),
                            false));
        } catch (RuntimeException thrown) {
            failure.addSuppressed(thrown);
        }
    }

    private void takeBack(Object unit, ChangeSetItem change, Method rollback) {
        long begun = System.nanoTime();
        try {
            runtime.runChangeSet(unit, rollback);
        } catch (ReflectiveOperationException thrown) {
            throw new MongockException(thrown);
        }
        driver.getChangeEntryService()
                .saveOrUpdate(ChangeEntry.instance(
                        executionId,
                        change.getAuthor(),
                        ChangeState.ROLLED_BACK,
                        change.getType(),
                        change.getId(),
                        change.getMethod().getDeclaringClass().getName(),
                        change.getMethod().getName(),
                        (System.nanoTime() - begun) / 1_000_000,
                        host(),
                        config.getMetadata(),
                        false));
    }

    private String host() {
        String identifier = config.getServiceIdentifier();
        String suffix = identifier == null || identifier.isBlank() ? "" : "-" + identifier;
        try {
            return InetAddress.getLocalHost().getHostName() + suffix;
        } catch (UnknownHostException thrown) {
            return "unknown-host" + suffix;
        }
    }
}
