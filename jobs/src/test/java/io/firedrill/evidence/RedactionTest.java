package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://ada:c4nary@db-1:27017/?replicaSet=shop",
                "mongodb+srv://ada:c4nary@shop.example/admin",
                "mongodb://ada:p@ss/c4nary@db-1:27017/",
                "mongodb://ada:x@c4nary@db-1,db-2:27018/",
                "could not connect to MONGODB://ada:c4nary@db-1",
                "https://ada:c4nary@proxy.example:3128/path",
                "mongodb://db-1/?authMechanism=MONGODB-AWS&authMechanismProperties=AWS_SESSION_TOKEN:c4nary",
                "jdbc:postgresql://pg/jobs?user=batch&password=c4nary&ssl=true",
                "--password=c4nary",
                "PASSWORD = \"c4nary with blanks\"",
                "passwd='c4nary'",
                "password: c4nary",
                "AWS_SECRET_ACCESS_KEY=c4nary/xyz+==",
                "aws_access_key_id = c4nary",
                "FIREDRILL_S3_SECRET=c4nary",
                "sslClientCertificateKeyPassword=c4nary",
                "{\"password\" : \"c4nary \\\" still\"}",
                "{\"sessionToken\":\"c4nary\"}",
                "GET /b/k?X-Amz-Algorithm=AWS4&X-Amz-Credential=c4nary%2F20261114%2Feu&X-Amz-Date=1",
                "GET /b/k?X-Amz-Date=1&X-Amz-Signature=c4nary",
                "x-amz-security-token: c4nary",
                "Authorization: Bearer c4nary.abc",
                "authorization: AWS4-HMAC-SHA256 Credential=c4nary/20261114, Signature=c4nary",
                "sent bearer c4narytoken0123456789",
                "jwt eyJhbGciOiJc4nary.eyJzdWIiOiIxMjM0.c4nary-_x",
                "api_key=c4nary and api-key=c4nary",
                "-----BEGIN PRIVATE KEY-----\nc4nary\n-----END PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nc4nary cut off"
            })
    void noCanaryGetsThrough(String text) {
        assertThat(Redaction.of(text)).doesNotContain("c4nary").contains("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AKIAIOSFODNN7EXAMPLE", "key ASIAIOSFODNN7EXAMPLE!", "ghp_0123456789abcdefghijABCDEFGHIJ"})
    void keysAreKnownByTheirShape(String text) {
        assertThat(Redaction.of(text)).contains("***").doesNotContain("EXAMPLE").doesNotContain("abcdef");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://db-1.shop.example:27017,db-2:27017/?replicaSet=shop",
                "s3://shop-backups/prod",
                "shop.password_resets has 12 documents",
                "shop.tokens: segment 7 of 12 differs",
                "operator ada@shop.example",
                "bf5903bb58cb352d441a9816e01ca09c15d9287dcadbe9f19cf63a76470989d3",
                "1794648720,14"
            })
    void whatIsNoSecretStaysAsItIs(String text) {
        assertThat(Redaction.of(text)).isEqualTo(text);
    }

    @Test
    void whatSurroundsASecretStays() {
        assertThat(Redaction.of("mongodb://ada:x@db-1:27017/shop?ssl=true"))
                .isEqualTo("mongodb://***@db-1:27017/shop?ssl=true");
        assertThat(Redaction.of("jdbc:postgresql://pg/jobs?password=x&ssl=true"))
                .isEqualTo("jdbc:postgresql://pg/jobs?password=***&ssl=true");
    }

    @Test
    void theNameOfASettingCanSayThatItIsASecret() {
        assertThat(Redaction.of("s3-secret-access-key", "plain")).isEqualTo("***");
        assertThat(Redaction.of("staging.password", "")).isEmpty();
        assertThat(Redaction.of("workers", "4")).isEqualTo("4");
    }

    @Test
    void everyTextOfATreeIsCleaned() {
        var tree = Json.object();
        tree.putArray("list").add("password=c4nary").add(7).addArray().add("password=c4nary");
        tree.putObject("inner").put("token", "c4nary").put("count", 3);
        Redaction.apply(tree);
        assertThat(tree.toString()).doesNotContain("c4nary").contains("7", "3");
    }
}
