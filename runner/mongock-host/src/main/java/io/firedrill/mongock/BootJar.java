package io.firedrill.mongock;

import io.mongock.api.config.MongockConfiguration;
import io.mongock.driver.api.driver.ConnectionDriver;
import io.mongock.runner.core.executor.dependency.DependencyContext;
import io.mongock.runner.core.executor.dependency.DependencyManagerWithContext;
import java.lang.reflect.Method;
import java.util.Optional;
import org.springframework.beans.BeansException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs in a Spring Boot application, put beside its own classes by Boot's {@code PropertiesLauncher}; the jar stays as it
 * is. One change is run by the application's own {@code main} and its own Mongock; taking one back is ours, with the
 * application's beans and driver.
 */
public final class BootJar {
    /** Under it Mongock's runner is no bean, and what it needs still is one. */
    private static final String NO_RUNNER = "mongock-cli-profile";

    private BootJar() {}

    public static void main(String[] arguments) {
        var order = new Order(arguments);
        Confinement.asTold(order);
        Ending.after(() -> {
            Certificates.asTold(order);
            Class<?> start = Class.forName(order.value("start"));
            if (order.undo()) {
                undo(start, order);
            } else {
                Method main = start.getDeclaredMethod("main", String[].class);
                main.setAccessible(true);
                main.invoke(null, (Object) order.options());
            }
        });
    }

    private static void undo(Class<?> start, Order order) throws ReflectiveOperationException {
        try (ConfigurableApplicationContext context =
                new SpringApplicationBuilder(start).profiles(NO_RUNNER).run(order.options())) {
            var dependencies = new DependencyManagerWithContext();
            dependencies.setContext(new Beans(context));
            new Undo(context.getBean(ConnectionDriver.class), context.getBean(MongockConfiguration.class), dependencies)
                    .run(order);
        }
    }

    /** The application's beans as Mongock asks for them. */
    private record Beans(ApplicationContext context) implements DependencyContext {
        @Override
        public <T> Optional<T> getBean(Class<T> type) {
            return Optional.ofNullable(context.getBeanProvider(type).getIfUnique());
        }

        @Override
        public Optional<Object> getBean(String name) {
            try {
                return Optional.of(context.getBean(name));
            } catch (BeansException thrown) {
                return Optional.empty();
            }
        }
    }
}
