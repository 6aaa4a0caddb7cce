package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarrowingTest {
    private static final BackupPlan PLAN = new PlanForTests()
            .collections("log.a", "log.b", "shop.lines", "shop.orders", "shop.system.js")
            .timeSeries("shop.weather")
            .view("shop.open", "{viewOn: 'orders', pipeline: [{$match: {open: true}}]}")
            .view("shop.warm", "{viewOn: 'weather', pipeline: []}")
            .collections("admin.system.users")
            .plan();

    @Test
    void everythingIsThePlanItself() {
        Narrowing all = Narrowing.of(PLAN, Selection.EVERYTHING);
        assertThat(all.plan()).isEqualTo(PLAN);
        assertThat(all.isPartial()).isFalse();
        assertThat(all.renamed()).isEmpty();
    }

    @Test
    void aUnitOfWantedAndUnwantedCollectionsKeepsTheWantedAtTheirNewPlaces() {
        Narrowing some = narrowed(List.of("log.b", "shop.orders"), List.of(), List.of());

        assertThat(names(some)).containsExactly("log.b", "shop.orders", "admin.system.users");
        assertThat(some.plan().units())
                .extracting(
                        unit -> unit.ranges().stream().map(Range::collection).toList())
                .containsExactly(List.of(0), List.of(1), List.of(2));
        Part part = new Part(PLAN.id(), "000000", List.of(segment(0), segment(1), segment(1)));
        assertThat(some.of(part).segments()).containsExactly(segment(0), segment(0));
    }

    @Test
    void whatIsLeftOutIsSaidWithItsReasonAndUsersAreNeverAmongIt() {
        Narrowing some = narrowed(List.of("shop"), List.of("shop.weather", "shop.orders"), List.of());

        assertThat(some.isPartial()).isTrue();
        assertThat(some.plan().excluded())
                .extracting(BackupPlan.Excluded::namespace)
                .containsExactly("log.a", "log.b", "shop.orders", "shop.weather", "shop.system.buckets.weather");
        assertThat(some.plan().excluded())
                .allSatisfy(left -> assertThat(left.reason()).contains("--include or --exclude"));
        assertThat(some.blind())
                .containsExactly(
                        "shop.open: it shows or names shop.orders, which was left out",
                        "shop.warm: it shows or names shop.weather, which was left out");
    }

    @Test
    void aRenamedDatabaseTakesEverythingAlong() {
        Narrowing copy = narrowed(List.of(), List.of(), List.of("shop=copy"));

        assertThat(copy.isPartial()).isFalse();
        assertThat(names(copy))
                .containsExactly(
                        "log.a",
                        "log.b",
                        "copy.lines",
                        "copy.orders",
                        "copy.system.js",
                        "copy.weather",
                        "copy.system.buckets.weather",
                        "copy.open",
                        "copy.warm",
                        "admin.system.users");
        assertThat(copy.renamed()).hasSize(7);
    }

    @Test
    void aRenamedTimeSeriesTakesItsBucketsAlong() {
        Narrowing some = narrowed(List.of("shop.weather"), List.of(), List.of("shop.weather=wx.now"));
        assertThat(names(some)).containsExactly("wx.now", "wx.system.buckets.now", "admin.system.users");
    }

    @Test
    void twoCollectionsMayChangeTheirNames() {
        Narrowing some = narrowed(List.of("log"), List.of(), List.of("log.a=log.b", "log.b=log.a"));
        assertThat(names(some)).containsExactly("log.b", "log.a", "admin.system.users");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                "shop.order|-|-|'shop.order' matches nothing in backup|shop.lines, shop.orders",
                "shopp|-|-|'shopp.*' matches nothing in backup|which holds log, shop",
                "-|log.c|-|'log.c' matches nothing in backup|which holds log.a, log.b",
                "admin.system.users|-|-|'admin.system.users' matches nothing|--with-users",
                "log|log.*|-|leaves nothing of backup|Include at least one",
                "shop.open|-|-|leaves nothing but views|Include at least one",
                "-|-|log.x=log.y|--rename log.x=log.y matches nothing|Correct or remove it",
                "log|-|shop.lines=shop.x|--rename shop.lines=shop.x matches nothing|Correct or remove it",
                "-|-|log.a=log.b|log.a and log.b would both be restored as log.b|Rename or exclude one",
                "-|-|log.*=log.x|would both be restored as log.x|Rename or exclude one",
                "-|-|log=l;log.a=l.x|log.a is renamed twice, by log.*=l.* and by log.a=l.x|Let one --rename",
                "-|-|log=SHOP|the databases SHOP and shop, which differ in case only|Choose another name",
                "-|-|shop.orders=shop.old|shop.open names shop.orders in its definition|--exclude shop.open",
                "-|-|shop.open=copy.open|shop.open names shop.orders in its definition|--exclude shop.open",
                "-|-|shop.weather=shop.wx|shop.warm names shop.weather in its definition|--exclude shop.warm",
                "-|shop.orders|log.a=shop.orders|shop.open names shop.orders in its definition|--exclude shop.open"
            })
    void whatCannotComeOutRightIsRefusedWithWhatToDo(
            String include, String exclude, String renamings, String message, String more) {
        Failure failure =
                catchThrowableOfType(Failure.class, () -> narrowed(words(include), words(exclude), words(renamings)));
        assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(failure.text()).contains(message);
        assertThat(failure.text() + failure.hint()).contains(more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{$lookup: {from: 'other', as: 'o', pipeline: []}}",
                "{$graphLookup: {from: 'other', startWith: '$x', connectFromField: 'a', connectToField: 'b', as: 'o'}}",
                "{$unionWith: 'other'}",
                "{$unionWith: {coll: 'other', pipeline: []}}",
                "{$facet: {f: [{$lookup: {from: 'base', as: 'b', pipeline: [{$unionWith: 'other'}]}}]}}",
                "{$lookup: {from: {db: 'a', coll: 'other'}, as: 'o'}}",
                "{$merge: {into: 'other'}}",
                "{$merge: 'other'}",
                "{$out: {db: 'a', coll: 'other'}}",
            })
    void aNameIsFoundWhereverAPipelineHasIt(String stage) {
        BackupPlan plan = new PlanForTests()
                .collections("a.base", "a.other")
                .view("a.v", "{viewOn: 'base', pipeline: [{$match: {}}, %s]}".formatted(stage))
                .plan();
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> Narrowing.of(plan, Selection.of(List.of(), List.of(), List.of("a.other=a.moved"))));
        assertThat(failure.text()).contains("a.v names a.other");
    }

    @Test
    void aNameThatSaysItsDatabaseDoesNotMoveWithIt() {
        BackupPlan plan = new PlanForTests()
                .collections("a.base", "a.other")
                .view("a.v", "{viewOn: 'base', pipeline: [{$lookup: {from: {db: 'a', coll: 'other'}, as: 'o'}}]}")
                .plan();
        Selection whole = Selection.of(List.of(), List.of(), List.of("a=b"));
        assertThat(catchThrowableOfType(Failure.class, () -> Narrowing.of(plan, whole))
                        .text())
                .contains("a.v names a.other");
    }

    @Test
    void anEncryptedCollectionMovesWithItsDatabaseOnly() {
        BackupPlan plan = new PlanForTests()
                .collections("a.enxcol_.q.esc")
                .encrypted("a.q", "enxcol_.q.esc")
                .plan();
        assertThat(names(Narrowing.of(plan, Selection.of(List.of(), List.of(), List.of("a=b")))))
                .containsExactly("b.enxcol_.q.esc", "b.q");
        for (String renaming : List.of("a.q=a.r", "a.enxcol_.q.esc=a.other", "a.q=b.q")) {
            Selection selection = Selection.of(List.of(), List.of(), List.of(renaming));
            assertThat(catchThrowableOfType(Failure.class, () -> Narrowing.of(plan, selection)))
                    .as(renaming)
                    .isNotNull();
        }
    }

    @Test
    void ofManyNamesSomeAreListed() {
        var plan = new PlanForTests();
        for (int i = 10; i < 40; i++) {
            plan.collections("shop.c" + i);
        }
        Selection selection = Selection.of(List.of("shop.x"), List.of(), List.of());
        assertThat(catchThrowableOfType(Failure.class, () -> Narrowing.of(plan.plan(), selection))
                        .text())
                .endsWith("shop.c18, shop.c19 and 20 more");
    }

    private static Narrowing narrowed(List<String> include, List<String> exclude, List<String> renamings) {
        return Narrowing.of(PLAN, Selection.of(include, exclude, renamings));
    }

    private static List<String> words(@org.jspecify.annotations.Nullable String text) {
        return text == null ? List.of() : Stream.of(text.split(";", -1)).toList();
    }

    private static List<String> names(Narrowing narrowing) {
        return narrowing.plan().collections().stream()
                .map(shape -> shape.namespace().toString())
                .toList();
    }

    private static Segment segment(int collection) {
        return new Segment(
                collection,
                Optional.empty(),
                Optional.empty(),
                new OpTime(1, 1),
                1,
                1,
                1,
                "s",
                "t",
                false,
                Optional.empty());
    }
}
