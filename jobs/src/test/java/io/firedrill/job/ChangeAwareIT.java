package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Updates;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Notice;
import io.firedrill.archive.Segment;
import io.firedrill.backup.KnownSegments;
import io.firedrill.backup.UntouchedRanges;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunRecord;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.storage.ObjectKey;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SpoiledArchive;
import java.time.Instant;
import java.util.Set;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** A backup reads what the oplog says has changed, proves that the rest has not, and trusts nothing once that failed. */
class ChangeAwareIT extends SpareFixture {
    ChangeAwareIT() {
        super(1, DeltaLimits.DEFAULT);
    }

    @Test
    void whatNothingHasTouchedIsNotReadButForAShareThatIsEqual() {
        backedUp();
        orders.updateOne(eq("_id", 7), Updates.set("n", 1));

        long before = documentsReturned();
        RunRecord record = backedUp();

        long segments = segments().size();
        assertThat(segments).isGreaterThan(15);
        assertThat(untouched(record)).isEqualTo(segments - 1);
        assertThat(note(record, "untouched")).endsWith("from the source's oplog");
        assertThat(check(record).path("matched").asInt()).isEqualTo(1);
        assertThat(check(record).path("population").asInt()).isEqualTo(1);
        // The server itself counts what it hands out: one range that was written to, and one for the proof.
        assertThat(documentsReturned() - before)
                .as("documents that the source returned, of %d", DOCUMENTS)
                .isLessThan(DOCUMENTS / 4);
        requireRestoresToSource();
    }

    @Test
    void everySegmentTakenOverStandsForTheNewMoment() {
        backedUp();
        orders.deleteOne(eq("_id", 1));
        backedUp();
        orders.deleteOne(eq("_id", DOCUMENTS - 1));
        RunRecord third = backedUp();

        Manifest manifest = recovery.catalog().manifest(Recovery.id(number));
        assertThat(segments()).extracting(Segment::at).containsOnly(manifest.consistencyPoint());
        assertThat(untouched(third)).isEqualTo(segments().size() - 1);
        assertThat(manifest.totals().segmentsReused()).isEqualTo(segments().size() - 1);
        requireRestoresToSource();
    }

    @Test
    void theArchiveIsReadWhereItLeadsAndTheSourceAfterIt() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        orders.updateOne(eq("_id", 7), Updates.set("n", 1));
        archive.advance();
        orders.updateOne(eq("_id", DOCUMENTS - 7), Updates.set("n", 1));

        RunRecord record = backedUp();

        assertThat(note(record, "untouched")).contains("from the archive up to").endsWith("the source's oplog");
        assertThat(untouched(record)).isEqualTo(segments().size() - 2);
        requireRestoresToSource();
    }

    @Test
    void overAGapInTheArchiveNothingIsTakenForUntouched() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        // The source knows no such entry: its history was rolled back behind it, or has been overwritten since.
        archive.advance(entry -> true, 99);
        SpoiledArchive.begun(recovery.catalog().oplog(), source).advance();

        RunRecord record = backedUp();

        assertThat(untouched(record)).isZero();
        assertThat(note(record, "untouched")).startsWith("none: neither the archive nor the source's oplog leads from");
        requireRestoresToSource();
    }

    @Test
    void aDamagedArchiveIsNotAskedWhereTheSourceKnows() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        archive.advance();
        store.list("sources/source/oplog/data/")
                .map(info -> info.key())
                .toList()
                .forEach(store::delete);

        RunRecord record = backedUp();

        assertThat(note(record, "untouched")).contains("not the archive (").endsWith("the source's oplog");
        assertThat(untouched(record)).isEqualTo(segments().size());
    }

    @Test
    void anotherMembersOplogThatDoesNotHoldTheMomentSaysNothing() {
        backedUp();
        var plan = recovery.catalog().plan(recovery.catalog().manifest(Recovery.id(number)));
        var known = KnownSegments.of(recovery.catalog());
        try (Deployment other = stagingServer.deployment("staging")) {
            var found = new UntouchedRanges(other, recovery.catalog(), known, DeltaLimits.DEFAULT, () -> {}).of(plan);

            assertThat(found.ranges()).isEmpty();
            assertThat(found.story()).startsWith("neither the archive nor the source's oplog leads");
        }
    }

    @Test
    void anObjectThatIsGoneFromTheStoreIsReadAndStoredAgain() {
        backedUp();
        Segment gone = segments().get(3);
        store.delete(ObjectKey.of(
                "sources/source/segments/%s/%s".formatted(gone.address().substring(0, 2), gone.address())));

        RunRecord record = backedUp();

        assertThat(untouched(record)).isEqualTo(segments().size() - 1);
        requireRestoresToSource();
    }

    @Test
    void anEntryHiddenFromTheWalkIsFoundByTheProofAndNothingIsTrustedUntilAPersonSaysSo() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        orders.updateOne(eq("_id", 7), Updates.set("n", 1));
        archive.advance(entry -> !isWrite(entry), 1);
        recovery.rereading(1);

        Ended caught = recovery.backup(source, Recovery.id(++number), Set.of());

        assertThat(caught.failure()).isNull();
        assertThat(caught.record().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(check(caught.record()).path("result").asString("")).isEqualTo("FAILED");
        assertThat(check(caught.record()).path("detail").asString(""))
                .contains("1 of", "no oplog entry has touched them but those known", "shop.orders");
        assertThat(untouched(caught.record())).isZero();
        requireRestoresToSource();

        recovery.rereading(0.05);
        RunRecord next = backedUp();
        assertThat(untouched(next)).isZero();
        assertThat(note(next, "untouched")).contains("found changed what the oplog had called untouched");

        recovery.catalog()
                .doubts()
                .put(Recovery.id(number - 1), new Notice(false, Instant.EPOCH, "tester", "the archiver was mended"));
        archive.advance();
        assertThat(untouched(backedUp())).isEqualTo(segments().size());
        requireRestoresToSource();
    }

    /** Without the proof the sabotage would do harm: else the test above would test nothing. */
    @Test
    void anEntryHiddenFromTheWalkWouldOtherwiseBeLost() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        orders.updateOne(eq("_id", 7), Updates.set("n", 1));
        archive.advance(entry -> !isWrite(entry), 1);

        var known = KnownSegments.of(recovery.catalog());
        var plan = recovery.catalog().plan(recovery.catalog().manifest(Recovery.id(number)));
        var found = new UntouchedRanges(source, recovery.catalog(), known, DeltaLimits.DEFAULT, () -> {}).of(at(plan));

        assertThat(found.segments()).isEqualTo(segments().size());
    }

    private static boolean isWrite(RawBsonDocument entry) {
        BsonValue namespace = entry.get("ns");
        return namespace != null && namespace.asString().getValue().equals("shop.orders");
    }

    private static long untouched(RunRecord record) {
        return Long.parseLong(note(record, "segments-untouched"));
    }
}
