package io.firedrill.runner;

import io.firedrill.doctor.Finding;
import java.util.List;

/** What Firedrill can do, as the command line asks for it; every method throws a {@code Failure} if it cannot keep its promise. */
interface Operations extends AutoCloseable {
    BackupResult backup(BackupRequest request);

    /** Stores digests of what the source holds at one cluster time. */
    SealResult seal(SealRequest request);

    RestoreResult restore(RestoreRequest request);

    /** A restore into staging with proof, judged against the target time, and cleaned up afterwards. */
    RestoreResult drill(RestoreRequest request);

    VerifyResult verify(VerifyRequest request);

    /** Marks what retention does not keep, and deletes what has been marked long enough. */
    PruneResult prune(PruneRequest request);

    /** Holds a backup against every deletion, or releases it. */
    HoldResult hold(HoldRequest request);

    /** Lists data keys, or wraps them for the present recipients. */
    KeysResult keys(KeysRequest request);

    /** Follows the source's oplog into the store. */
    ArchiveResult archive(ArchiveRequest request);

    /** Works on units that other processes send, until it is asked to stop. */
    WorkerResult work();

    /** Lists what the archived oplog tells. */
    OplogShowResult oplog(OplogShowRequest request);

    /** Makes a newer backup out of an older one and the archived oplog. */
    CompactResult compact(CompactRequest request);

    StatusResult status();

    /** All backups of the store, the newest first. */
    List<BackupLine> backups();

    /** What there is to measure, of every source that is asked for. */
    MetricsResult metrics();

    /** The signed records of all runs. */
    EvidenceDesk evidence();

    /** The tasks of a readiness file and their evidence. */
    ReadinessDesk readiness();

    /** Reports for people and programs, from the records. */
    ReportDesk reports();

    CleanResult cleanStaging(CleanRequest request);

    /** Looks at everything outside that a run needs. */
    List<Finding> examine(DoctorRequest request);

    /** Lists migrations and how they stand; reads only. */
    MigrationsResult migrations(MigrationsRequest request);

    /** Runs pending migrations on a restored copy, takes them back and runs them again, and says what holds. */
    RehearseResult rehearse(RehearseRequest request);

    /** Applies migrations to the source, or takes them back there, if the gate lets it. */
    ReleaseResult release(ReleaseRequest request);

    @Override
    default void close() {}
}
