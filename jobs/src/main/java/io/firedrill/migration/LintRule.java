package io.firedrill.migration;

import java.util.Locale;

/** What is looked for in migrations: why it matters, and the recipe that avoids it. {@code docs/MIGRATIONS.md} lists them. */
public enum LintRule {
    ROLLBACK_EMPTY(
            Level.WARNING,
            "The rollback does nothing, so whoever needs it finds out then.",
            "Undo what the change did, or write down that a restore is the way back."),
    ROLLBACK_MISSING(
            Level.WARNING,
            "There is no code to undo the change.",
            "Write it, or write down that a restore is the way back."),
    ROLLBACK_NEVER_CALLED(
            Level.NOTE,
            "Mongock calls @RollbackExecution only when a change fails that is not transactional.",
            "Test the rollback by itself; no failure of this change will."),
    FAILFAST_FALSE_TRANSACTIONAL(
            Level.ERROR,
            "Mongock swallows the exception inside the transaction, so what was written before it is committed, and the run succeeds.",
            "Leave failFast at true, or set transactional = false and make the change repeatable."),
    DDL_IN_TRANSACTION(
            Level.ERROR,
            "With the session it fails under Mongock's majority read concern; without the session it is not rolled back.",
            "Move it into @BeforeExecution, or set transactional = false."),
    SESSION_NOT_PASSED(
            Level.WARNING,
            "A write without the ClientSession is not part of the transaction and stays when the change fails.",
            "Take ClientSession as a parameter and pass it to every call, or set transactional = false."),
    ORDER_NOT_PADDED(
            Level.ERROR,
            "The order is compared as text, so \"10\" runs before \"2\".",
            "Give all orders the same length, such as 002 and 010, before the first of them is applied."),
    ORDER_DUPLICATE(
            Level.WARNING,
            "Changes of the same order run by the names of their classes, and a renamed class runs elsewhere.",
            "Give each change an order of its own."),
    ORDER_EMPTY(
            Level.WARNING,
            "A change without an order runs after all others, by the name of its class.",
            "Give it an order."),
    AUTHOR_EMPTY(
            Level.NOTE,
            "Mongock fills in its default author; if that setting ever changes, every such change runs again.",
            "Write the author into the annotation while the rows still say the default."),
    AUTHOR_CHANGED(
            Level.ERROR,
            "Mongock knows a change by id and author, so one whose author was edited runs again.",
            "Give the change the author back that its row has."),
    NONDETERMINISTIC_VALUE(
            Level.WARNING,
            "Another run gives other values, so a second run and a rehearsal cannot be compared with the first.",
            "Derive the value from the document, or pass it in as a fixed constant."),
    DOMAIN_CLASS_USED(
            Level.WARNING,
            "The change means what the class means at the time, and the class moves on with the application.",
            "Use Document and field names in migrations."),
    UNBOUNDED_UPDATE(
            Level.NOTE,
            "One command over a whole collection cannot be resumed, and its oplog comes in one burst.",
            "Work in ranges of _id with a filter that leaves out what is done."),
    FIND_THEN_SAVE(
            Level.WARNING,
            "What others write between the read and the write is lost, and every document costs a round trip.",
            "Use an update with operators or a pipeline, in bulks."),
    DROP_WITHOUT_ARCHIVE(
            Level.WARNING,
            "What is dropped or renamed away cannot be rolled back by code.",
            "Rename or copy first, and drop in a later release after a proven backup."),
    UNIQUE_INDEX_UNCHECKED(
            Level.WARNING,
            "Building a unique index fails on the first duplicate, which only real data has.",
            "Rehearse it on restored data, or look for duplicates in @BeforeExecution."),
    VALIDATOR_UNCHECKED(
            Level.WARNING,
            "A validator is not held against documents that are there; they fail at their next update.",
            "Count those that do not conform first: {$nor: [{$jsonSchema: …}]}."),
    PROCESS_STARTED(
            Level.WARNING,
            "What a program that it starts does is not seen: not kept from other servers in a rehearsal, not killed with a run that is gone.",
            "Do it in the change itself, or outside of migrations."),
    LEGACY_CHANGELOG(
            Level.NOTE,
            "@ChangeLog is deprecated, its changes have no rollback, and mixed with change units its order is not what it seems.",
            "Leave the applied ones as they are, and write new changes as @ChangeUnit."),
    NO_LOCK(
            Level.ERROR,
            "Without a lock two runs at once apply the same change twice.",
            "Set lockCollectionName, and lockTtl above the longest migration's time."),
    LOCK_NEVER_EXPIRES(
            Level.WARNING,
            "A run that is killed leaves its lock, and nothing removes it.",
            "Set lockTtl above the longest migration's time."),
    LOCK_NOT_REFRESHED(
            Level.NOTE,
            "migrate-mongo never renews its lock: a migration longer than lockTtl may run twice at once.",
            "Keep lockTtl above the longest migration's time."),
    RECORDED_TWICE(
            Level.WARNING,
            "Two rows of one file: it ran twice, and migrate-mongo down removes only one of them.",
            "See whether the second run did harm, and remove the older row by hand."),
    UP_MISSING(
            Level.ERROR,
            "migrate-mongo fails at a file that exports no up function.",
            "Export async functions up and down."),
    TYPESCRIPT_NOT_READ(
            Level.NOTE,
            "Whether a TypeScript migration has a rollback is not told: its code is not read.",
            "Point --project at the compiled JavaScript to have it read."),
    CODE_NOT_READ(
            Level.NOTE,
            "Only Flamingock's audit log is read: changes that the code has and the log has not are not told.",
            "Have Flamingock itself tell what is pending.");

    /** How much it matters, in SARIF's words. */
    public enum Level {
        ERROR,
        WARNING,
        NOTE
    }

    private final Level level;
    private final String why;
    private final String recipe;

    LintRule(Level level, String why, String recipe) {
        this.level = level;
        this.why = why;
        this.recipe = recipe;
    }

    /** As people and programs name it: {@code rollback-empty}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Level level() {
        return level;
    }

    public String why() {
        return why;
    }

    /** What to do instead. */
    public String recipe() {
        return recipe;
    }

    Finding finding(String detail) {
        return new Finding(this, detail);
    }
}
