package io.firedrill.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one privilege is worth in the place of another, by the rules of the server. */
class GrantTest {
    private static Grant grant(String resource) {
        return new Grant(BsonDocument.parse(resource), "find");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{cluster: true}|{cluster: true}",
                "{anyResource: true}|{cluster: true}",
                "{anyResource: true}|{db: 'local', collection: 'oplog.rs'}",
                "{db: '', collection: ''}|{db: 'shop', collection: ''}",
                "{db: '', collection: ''}|{db: 'shop', collection: 'orders'}",
                "{db: 'shop', collection: ''}|{db: 'shop', collection: 'orders'}",
                "{db: '', collection: 'system.js'}|{db: 'shop', collection: 'system.js'}",
                "{db: 'local', collection: ''}|{db: 'local', collection: 'oplog.rs'}",
                "{db: '', system_buckets: ''}|{db: 'shop', system_buckets: 'weather'}"
            })
    void theWiderOneCoversTheNarrowerOneAndNotTheOtherWayRound(String wider, String narrower) {
        assertThat(grant(wider).covers(grant(narrower))).isTrue();
        assertThat(grant(narrower).covers(grant(wider))).isEqualTo(wider.equals(narrower));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{db: '', collection: ''}|{db: 'local', collection: 'oplog.rs'}",
                "{db: '', collection: ''}|{db: 'config', collection: 'transactions'}",
                "{db: '', collection: ''}|{db: 'admin', collection: 'system.users'}",
                "{db: '', collection: ''}|{db: '', collection: 'system.js'}",
                "{db: '', collection: ''}|{db: '', system_buckets: ''}",
                "{db: '', collection: ''}|{anyResource: true}",
                "{db: 'shop', collection: ''}|{db: 'other', collection: 'orders'}",
                "{cluster: true}|{db: '', collection: ''}"
            })
    void whatTheServerKeepsApartIsNotCovered(String one, String other) {
        assertThat(grant(one).covers(grant(other))).isFalse();
    }

    @Test
    void anotherActionIsAnotherPrivilege() {
        BsonDocument cluster = BsonDocument.parse("{cluster: true}");
        assertThat(new Grant(cluster, "shutdown").covers(new Grant(cluster, "getParameter")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{cluster: true}|the cluster",
                "{anyResource: true}|any resource",
                "{db: '', collection: ''}|any collection",
                "{db: '', collection: 'system.js'}|system.js of any database",
                "{db: 'shop', collection: ''}|shop.*",
                "{db: 'local', collection: 'oplog.rs'}|local.oplog.rs",
                "{db: '', system_buckets: ''}|the buckets of time series",
                "{system_buckets: ''}|the buckets of time series",
                "{new: 'kind'}|{\"new\": \"kind\"}"
            })
    void itIsNamedByActionAndPlace(String resource, String place) {
        assertThat(grant(resource).words()).isEqualTo("'find' on " + place);
    }
}
