package io.firedrill.mongo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Who a replica set is, by every name it goes under.
 *
 * @param replicaSetId the id in the set's configuration: it survives renamed hosts, restarts and changed members;
 *     empty for a standalone
 * @param processIds of the mongod processes that answered: equal ids mean the very same process, whatever its host name
 * @param historySeconds how far back snapshot reads reach ({@code minSnapshotHistoryWindowInSeconds}), where readable
 */
public record DeploymentIdentity(
        String setName,
        String replicaSetId,
        List<String> hosts,
        List<String> processIds,
        String version,
        String featureCompatibilityVersion,
        Optional<Integer> historySeconds) {

    public DeploymentIdentity {
        hosts = List.copyOf(hosts);
        processIds = List.copyOf(processIds);
    }

    /** Whether any name of one is a name of the other. The set's name alone does not count: "rs0" is everywhere. */
    public boolean isSameAs(DeploymentIdentity other) {
        return replicaSetId.equals(other.replicaSetId)
                || hosts.stream().anyMatch(other.hosts::contains)
                || processIds.stream().anyMatch(other.processIds::contains);
    }

    /**
     * Whether it may lack what the data of another deployment needs.
     *
     * @param compatibility the other's feature compatibility version, of "6.0" and the like
     */
    public boolean isOlderThan(String compatibility) {
        return Arrays.compare(numbers(featureCompatibilityVersion), numbers(compatibility)) < 0;
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
