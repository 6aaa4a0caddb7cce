package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class ServerLoadTest {
    @Test
    void aServerOfVersionSixTellsItsTicketsInTheStorageEngine() {
        assertThat(ServerLoad.from(BsonDocument.parse("""
                {opLatencies: {writes: {latency: {$numberLong: "7000"}, ops: {$numberLong: "7"}}},
                 wiredTiger: {cache: {"tracked dirty bytes in the cache": 20, "maximum bytes configured": 200},
                              concurrentTransactions: {read: {out: 96, available: 32, totalTickets: 128}}}}"""))).isEqualTo(new ServerLoad(7, 7000, 0.1, 0.25));
    }

    @Test
    void aServerOfVersionSevenTellsThemInItsQueues() {
        assertThat(ServerLoad.from(BsonDocument.parse("""
                {queues: {execution: {read: {out: 9, available: 1, totalTickets: 10}}},
                 wiredTiger: {concurrentTransactions: {read: {available: 10, totalTickets: 10}}}}""")).readTickets()).isEqualTo(0.1);
    }

    @Test
    void whatAServerDoesNotTellIsTakenForHealthy() {
        assertThat(ServerLoad.from(new BsonDocument())).isEqualTo(new ServerLoad(0, 0, 0, 1));
    }
}
