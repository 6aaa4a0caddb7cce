package io.firedrill.runner;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options that every command takes: how to write, where the settings file is, and a flag for each setting.
 *
 * <p>They may stand before or after the command's name, so each value is kept once it was given: picocli resets the
 * options of a subcommand when it gets there.
 */
final class CommonOptions {
    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
    private @Nullable OutputFormat output;
    private @Nullable String config;
    private boolean noColor;
    private boolean quiet;

    /** Gives the options to a command and to those under it that the arguments name: a help page needs no more. */
    void addTo(CommandSpec spec, Collection<String> arguments) {
        addTo(spec);
        spec.subcommands().forEach((name, command) -> {
            if (arguments.contains(name)) {
                addTo(command.getCommandSpec(), arguments);
            }
        });
    }

    private void addTo(CommandSpec spec) {
        spec.addOption(option("Write results as %s.".formatted(formats(spec)), "--output")
                .paramLabel("FORMAT")
                .type(OutputFormat.class)
                .setter(keeping((OutputFormat value) -> output = value))
                .build());
        spec.addOption(
                option("Read this settings file (default: $FIREDRILL_CONFIG, else ./firedrill.yaml).", "--config")
                        .paramLabel("FILE")
                        .type(String.class)
                        .setter(keeping((String value) -> config = value))
                        .build());
        spec.addOption(option("No colours; also NO_COLOR=1 or TERM=dumb.", "--no-color")
                .type(boolean.class)
                .setter(keeping((Boolean value) -> noColor |= value))
                .build());
        spec.addOption(option("No progress on stderr.", "--quiet")
                .type(boolean.class)
                .setter(keeping((Boolean value) -> quiet |= value))
                .build());
        spec.addOption(option("Show this help.", "-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .build());
        Setting.all().forEach(setting -> addFlag(spec, setting));
    }

    private static List<OutputFormat> formatsOf(CommandSpec spec) {
        return spec.userObject() instanceof Described command
                ? command.formats()
                : List.of(OutputFormat.TEXT, OutputFormat.JSON);
    }

    private static String formats(CommandSpec spec) {
        List<String> names =
                formatsOf(spec).stream().map(OutputFormat::toString).toList();
        return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
    }

    /** Refuses a format that the command cannot write, before it does anything. */
    void requireFormat(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (!formatsOf(spec).contains(output())) {
            throw new ParameterException(
                    command,
                    "--output is '%s', and %s writes %s".formatted(output(), spec.qualifiedName(), formats(spec)));
        }
    }

    private void addFlag(CommandSpec spec, Setting setting) {
        // Hidden, because the help has a section of its own for settings. A command's own option goes before.
        setting.flag()
                .filter(flag -> spec.findOption(flag) == null)
                .ifPresent(flag -> spec.addOption(option(setting.description(), flag)
                        .hidden(true)
                        .paramLabel(setting.placeholder())
                        .type(String.class)
                        .setter(keeping((String value) -> flags.put(setting, value)))
                        .build()));
    }

    private static OptionSpec.Builder option(String description, String... names) {
        return OptionSpec.builder(names).description(description).order(100);
    }

    private static <T> ISetter keeping(Consumer<T> keep) {
        return new ISetter() {
            @Override
            @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
            public <V> V set(V value) {
                if (value != null) {
                    keep.accept((T) value);
                }
                return value;
            }
        };
    }

    Map<Setting, String> flags() {
        return flags;
    }

    OutputFormat output() {
        return output == null ? OutputFormat.TEXT : output;
    }

    Optional<String> config() {
        return Optional.ofNullable(config);
    }

    boolean noColor() {
        return noColor;
    }

    boolean quiet() {
        return quiet;
    }
}
