package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what picocli says about wrong arguments into our failures, with the name that was probably meant. */
final class UsageErrors {
    private UsageErrors() {}

    static Failure of(ParameterException thrown) {
        CommandSpec command = thrown.getCommandLine().getCommandSpec();
        if (thrown instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(unmatched.getUnmatched().getFirst(), command);
        }
        String message = String.valueOf(thrown.getMessage());
        String sentence = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        return usage(sentence.replaceFirst("\\.$", ""), look(command));
    }

    /** Only the name is repeated, never what follows it: that may be a secret. */
    private static Failure unmatched(String argument, CommandSpec command) {
        String name = argument.split("=", 2)[0];
        if (name.startsWith("-")) {
            Optional<Setting> secret = secret(name);
            return secret.isPresent()
                    ? onCommandLine(secret.get())
                    : unknown("option", name, options(command), command);
        }
        return command.subcommands().isEmpty()
                ? usage("unexpected argument '" + name + "'", look(command))
                : unknown("command", name, new ArrayList<>(command.subcommands().keySet()), command);
    }

    private static Optional<Setting> secret(String name) {
        return Setting.all().stream()
                .filter(setting -> setting.secret() && name.equals("--" + setting.key()))
                .findFirst();
    }

    private static Failure onCommandLine(Setting secret) {
        return usage(
                "--" + secret.key() + " is no option, because other users can read the arguments of a process",
                "Set " + secret.waysToGive() + "; if it was typed just now, it may also lie in the shell's history.");
    }

    private static Failure unknown(String what, String name, List<String> names, CommandSpec command) {
        String hint = Nearest.to(name, names)
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse(look(command));
        return usage("unknown " + what + " '" + name + "'", hint);
    }

    private static List<String> options(CommandSpec command) {
        return List.copyOf(command.optionsMap().keySet());
    }

    private static String look(CommandSpec command) {
        return "See " + command.qualifiedName() + " --help.";
    }

    private static Failure usage(String message, String hint) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
    }
}
