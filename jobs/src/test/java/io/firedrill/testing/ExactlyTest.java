package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An oracle that takes unlike things for equal proves nothing. */
class ExactlyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {name: 'i', key: {a: 1, b: 1}} | {name: 'i', key: {b: 1, a: 1}}
            {name: 'i', key: {a: 1}} | {name: 'i', key: {a: {$numberLong: '1'}}}
            {name: 'i', key: {a: 1}} | {name: 'i', key: {a: 1}, hidden: true}
            {key: {a: 1}, partialFilterExpression: {a: 1, b: 2}} | {key: {a: 1}, partialFilterExpression: {b: 2, a: 1}}
            {name: 'c', options: {validator: {a: 1, b: 2}}} | {name: 'c', options: {validator: {b: 2, a: 1}}}
            {name: 'c', idIndex: {key: {_id: 1}}} | {name: 'c', idIndex: {key: {_id: {$numberDouble: '1'}}}}
            {name: 'c', options: {pipeline: [{a: 1}, {b: 1}]}} | {name: 'c', options: {pipeline: [{b: 1}, {a: 1}]}}
            """)
    void differs(String one, String other) {
        assertThat(definition(one)).isNotEqualTo(definition(other));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {name: 'i', key: {a: 1, b: 1}} | {key: {a: 1, b: 1}, name: 'i'}
            {name: 'c', options: {capped: true, size: 1}} | {options: {size: 1, capped: true}, name: 'c'}
            """)
    void isEqual(String one, String other) {
        assertThat(definition(one)).isEqualTo(definition(other));
    }

    private static String definition(String json) {
        return Exactly.definition(BsonDocument.parse(json));
    }
}
