package io.firedrill.runner;

import io.firedrill.archive.Selection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which collections of the backup a restore takes, and what they are called in staging. */
final class SelectionOptions {
    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            split = ",",
            description = "Restore only these collections: shop, shop.orders, 'shop.*', '*.audit'. May be repeated.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            split = ",",
            description = "Leave these collections out, of those included if some are. May be repeated.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--rename",
            paramLabel = "FROM=TO",
            description = "Restore under another name: shop=copy, shop.orders=shop.old, 'a.x*=b.y*'. May be repeated.")
    private List<String> rename = new ArrayList<>();

    /** A pattern that makes no sense is refused here, before anything is opened. */
    Selection selection() {
        return Selection.of(include, exclude, rename);
    }
}
