package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Namespace;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
    @ParameterizedTest
    @CsvSource({
        "shop, shop.orders, true",
        "shop, shop2.orders, false",
        "shop.orders, shop.orders, true",
        "shop.orders, shop.orders2, false",
        "shop.orders, shop.Orders, false",
        "shop.*, shop.a.b.c, true",
        "*.audit, log.audit, true",
        "*.audit, log.audits, false",
        "*, any.thing, true",
        "sh*p.o*s, shp.os, true",
        "sh*p.o*s, shop.ordersx, false",
        "shop.a+b, shop.aab, false",
        "shop.a.b, shop.axb, false",
        "' shop.orders ', shop.orders, true",
        "shop.weather, shop.system.buckets.weather, true",
        "shop.system.buckets.weather, shop.weather, true",
        "shop.system.*, shop.system.buckets.weather, false",
        "shop.system.js, shop.system.js, true"
    })
    void aPatternMeansWhatItSays(String pattern, String namespace, boolean matches) {
        assertThat(NamespacePattern.parse(pattern).matches(Namespace.parse(namespace)))
                .isEqualTo(matches);
    }

    @Test
    void aNameMayHoldWhatMeansSomethingToARegularExpressionAndLineBreaks() {
        var odd = new Namespace("a(b", "\\E^x\n[y]$");
        assertThat(NamespacePattern.parse("a(b.\\E^*[y]$").matches(odd)).isTrue();
        assertThat(NamespacePattern.parse("a(b.*").matches(odd)).isTrue();
        assertThat(Renaming.parse("a(b.\\E^*[y]$=c.*").of(odd)).contains(new Namespace("c", "x\n"));
    }

    @Test
    void inclusionComesFirstAndExclusionTakesAway() {
        Selection selection = Selection.of(List.of("shop", "log.a*"), List.of("*.audit", "shop.tmp*"), List.of());
        assertThat(List.of("shop.orders", "log.a", "shop.audit", "log.audit", "shop.tmp1", "log.b", "other.x"))
                .filteredOn(name -> selection.takes(Namespace.parse(name)))
                .containsExactly("shop.orders", "log.a");
    }

    @Test
    void withoutInclusionEverythingIsIncluded() {
        Selection selection = Selection.of(List.of(), List.of("shop.a"), List.of());
        assertThat(selection.takes(Namespace.parse("other.x"))).isTrue();
        assertThat(selection.takes(Namespace.parse("shop.a"))).isFalse();
    }

    @Test
    void equalSelectionsSayTheSameAndOthersDoNot() {
        Selection one = Selection.of(List.of("b.x", "shop"), List.of("*.audit"), List.of("shop=copy"));
        Selection same = Selection.of(List.of("shop.*", "b.x", "b.x"), List.of("*.audit"), List.of("shop.*=copy.*"));
        assertThat(one).hasToString(same.toString());
        assertThat(one)
                .hasToString("--include b.x --include shop.* --exclude *.audit --rename shop.*=copy.*")
                .doesNotHaveToString(
                        Selection.of(List.of("b.x"), List.of(), List.of()).toString());
        assertThat(Selection.EVERYTHING).hasToString("everything");
    }

    @ParameterizedTest
    @CsvSource({
        "shop=copy, shop.a.b, copy.a.b",
        "shop.orders=shop.old, shop.orders, shop.old",
        "shop.*=copy.old_*, shop.a, copy.old_a",
        "tenant_*.x*=t*.y*_z, tenant_7.xa, t7.ya_z",
        "shop.log_*=shop.log, shop.log_1, shop.log"
    })
    void aRenamingCarriesTheStarOver(String renaming, String from, String to) {
        assertThat(Renaming.parse(renaming).of(Namespace.parse(from))).contains(Namespace.parse(to));
        assertThat(Renaming.parse(renaming).of(Namespace.parse("else.where"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "a=b=c",
                "shop=copy.x",
                "shop.x=copy",
                "a*b*.x=c.y",
                "a.x=b*.y",
                "a.*=b.**",
                "=b",
                "a=",
                "a.x=b.",
                "shop.system.buckets.w=shop.w",
                "shop.w=shop.system.buckets.w"
            })
    void aRenamingThatSaysNothingClearIsRefused(String text) {
        refused(() -> Renaming.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop=admin",
                "shop=Config",
                "shop=local",
                "shop=__firedrill",
                "shop=a b",
                "shop=a/b",
                "shop.orders=shop.system.users",
                "shop.orders=shop.$x",
                "shop.orders=shop..x",
                "shop=éééééééééééééééééééééééééééééééé"
            })
    void aNameThatNoServerTakesIsRefused(String text) {
        Renaming renaming = Renaming.parse(text);
        refused(() -> renaming.of(Namespace.parse("shop.orders")));
    }

    @Test
    void storedFunctionsMoveWithTheirDatabaseAndKeepTheirName() {
        Namespace functions = Namespace.parse("shop.system.js");
        assertThat(Renaming.parse("shop=copy").of(functions)).contains(Namespace.parse("copy.system.js"));
        Renaming renaming = Renaming.parse("shop.*=copy.old_*");
        refused(() -> renaming.of(functions));
    }

    @Test
    void lengthsAreCountedInBytes() {
        Renaming renaming = Renaming.parse("shop.orders=shop." + "é".repeat(125));
        Namespace longest = renaming.of(Namespace.parse("shop.orders")).orElseThrow();
        TargetNames.requireShort(longest, longest);
        refused(() -> TargetNames.requireShort(longest, longest.buckets()));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
                .extracting(Failure::kind)
                .isEqualTo(FailureKind.CONFIGURATION_INVALID);
    }
}
