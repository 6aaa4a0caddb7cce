package io.firedrill.runner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lays out help: examples first, then options, settings and exit codes; the last two come from their enums. */
final class HelpPages {
    private static final int WIDTH = 100;
    private static final String INDENT = " ".repeat(6);
    private static final String SETTINGS = "settings";
    private static final String EXIT_CODES = "exitCodes";
    private static final List<String> ORDER = List.of(
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
            UsageMessageSpec.SECTION_KEY_FOOTER,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            SETTINGS,
            EXIT_CODES);

    private HelpPages() {}

    /** The examples are picocli's footer, moved to the top. */
    static void layOut(CommandSpec spec) {
        spec.usageMessage()
                .width(WIDTH)
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .footerHeading("%nExamples:%n")
                .synopsisHeading("%nUsage: ")
                .commandListHeading("%nCommands:%n")
                .optionListHeading("%nOptions:%n")
                .sectionKeys(ORDER);
        spec.usageMessage().sectionMap().put(SETTINGS, HelpPages::settings);
        spec.usageMessage().sectionMap().put(EXIT_CODES, HelpPages::exitCodes);
        spec.subcommands().values().forEach(command -> layOut(command.getCommandSpec()));
    }

    private static String settings(Help help) {
        if (!(help.commandSpec().userObject() instanceof Described command)
                || command.settings().isEmpty()) {
            return "";
        }
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Settings (flag, else environment variable, else key in firedrill.yaml, else default):");
        for (Setting setting : command.settings()) {
            lines.add("  " + names(setting));
            String fallback = setting.fallback().isEmpty() ? "" : "Default: " + setting.fallback() + ".";
            String line = INDENT + setting.description() + " " + fallback;
            lines.addAll(
                    line.length() > WIDTH
                            ? List.of(INDENT + setting.description(), INDENT + fallback)
                            : List.of(line.stripTrailing()));
        }
        return text(lines);
    }

    private static String names(Setting setting) {
        return setting.flag()
                .map(flag -> flag + " " + setting.placeholder() + ", " + setting.environment())
                .orElse(setting.environment() + " (a secret, so never a flag)");
    }

    private static String exitCodes(Help help) {
        List<ExitCode> codes = help.commandSpec().userObject() instanceof Described command
                ? command.exitCodes()
                : Arrays.asList(ExitCode.values());
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("Exit codes:");
        for (ExitCode code : codes) {
            lines.add(String.format("  %3d  %s", code.code(), code.meaning()));
        }
        return text(lines);
    }

    private static String text(List<String> lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }
}
