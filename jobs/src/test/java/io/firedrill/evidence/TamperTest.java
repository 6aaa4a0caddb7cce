package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Ten ways to tamper with a ledger, fifty times each: every one is found, and nothing else is. */
class TamperTest {
    private static final int TRIALS = 50;
    private static final int RECORDS = 12;
    private static final SigningKey FOREIGN = SigningKey.make();
    private static final SampleLedger HONEST = new SampleLedger(RECORDS);

    /** What somebody does who can write to the store; those below need a checkpoint that was kept elsewhere. */
    enum Tampering {
        FLIP_A_BIT(false),
        FLIP_A_BIT_OF_A_SIGNATURE(false),
        DELETE_INSIDE(false),
        SWAP(false),
        DUPLICATE(false),
        ADD_WITH_A_FOREIGN_KEY(false),
        EDIT_AND_SIGN_WITH_A_FOREIGN_KEY(false),
        TRUNCATE(true),
        ROLL_BACK_AND_GO_ON(true),
        REWRITE_WITH_THE_STOLEN_KEY(true);

        private final boolean needsACopy;

        Tampering(boolean needsACopy) {
            this.needsACopy = needsACopy;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTamperingIsFound(Tampering tampering) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        int found = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SampleLedger ledger = HONEST.copy();
            List<KeptCheckpoint> copies = tampering.needsACopy ? List.of(HONEST.keep()) : List.of();
            tamper(ledger, tampering, random);
            LedgerVerdict verdict = ledger.verification().against(copies).verify();
            assertThat(verdict.faults())
                    .as("%s, trial %d, seed %d", tampering, trial, seed)
                    .isPositive();
            assertThat(verdict.isSound()).isFalse();
            found++;
        }
        System.out.printf("E10 %s %d/%d seed=%d%n", tampering, found, TRIALS, seed);
    }

    /** What needs a copy is not found without one: the limit is told as it is. */
    @ParameterizedTest
    @EnumSource(names = {"TRUNCATE", "ROLL_BACK_AND_GO_ON", "REWRITE_WITH_THE_STOLEN_KEY"})
    void withoutACopyNobodyCanTell(Tampering tampering) {
        SampleLedger ledger = HONEST.copy();
        tamper(ledger, tampering, new Random(1));
        assertThat(ledger.verify().isSound()).isTrue();
    }

    @Test
    void fiftyHonestLedgersRaiseNoAlarm() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int trial = 0; trial < TRIALS; trial++) {
            SampleLedger ledger = honest(random);
            LedgerVerdict verdict = ledger.verification()
                    .against(List.of(ledger.keep()))
                    .trusting(List.of(SampleLedger.KEY.publicKey(), SampleLedger.APPROVER.publicKey()))
                    .verify();
            assertThat(verdict.areas())
                    .as("seed %d", seed)
                    .allSatisfy(area -> assertThat(area.faults()).isEmpty());
            assertThat(verdict.isSound()).as("seed %d", seed).isTrue();
            assertThat(verdict.size()).isEqualTo(ledger.size());
        }
    }

    private static SampleLedger honest(RandomGenerator random) {
        var ledger = new SampleLedger(1 + random.nextInt(8));
        if (random.nextBoolean()) {
            ledger.approve(1 + random.nextInt((int) ledger.size()), "grace", SampleLedger.APPROVER);
        }
        if (random.nextBoolean()) {
            SigningKey next = SigningKey.make();
            ledger.writer(SampleLedger.KEY).changeKey(next.publicKey(), "ada");
            ledger.append(1 + random.nextInt(3), next);
        }
        return ledger;
    }

    private static void tamper(SampleLedger ledger, Tampering tampering, RandomGenerator random) {
        long victim = 2L + random.nextInt(RECORDS - 2);
        switch (tampering) {
            case FLIP_A_BIT -> flip(ledger.object(1 + random.nextInt(RECORDS)), random);
            case FLIP_A_BIT_OF_A_SIGNATURE -> flipSignature(ledger, 1 + random.nextInt(RECORDS), random);
            case DELETE_INSIDE -> {
                ledger.store.objects.remove(key(ledger, victim));
                if (random.nextBoolean()) {
                    ledger.store.objects.remove(
                            ledger.ledger.files().checkpoint(victim).value());
                }
            }
            case SWAP -> swap(ledger, victim, 1 + random.nextInt((int) victim - 1));
            case DUPLICATE -> ledger.store.objects.put(key(ledger, RECORDS + 1), ledger.object(victim));
            case ADD_WITH_A_FOREIGN_KEY -> ledger.forge(List.of(SampleLedger.run(random.nextInt(5))), FOREIGN);
            case EDIT_AND_SIGN_WITH_A_FOREIGN_KEY -> rewrite(ledger, victim, FOREIGN);
            case TRUNCATE -> ledger.cut(RECORDS - 1 - random.nextInt(RECORDS - 1));
            case ROLL_BACK_AND_GO_ON -> {
                ledger.cut(victim - 1);
                ledger.append(1 + random.nextInt(2 * RECORDS), SampleLedger.KEY);
            }
            case REWRITE_WITH_THE_STOLEN_KEY -> rewrite(ledger, victim, SampleLedger.KEY);
        }
    }

    private static String key(SampleLedger ledger, long seq) {
        return ledger.ledger.files().record(seq).value();
    }

    private static void flip(byte[] bytes, RandomGenerator random) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }

    private static void flipSignature(SampleLedger ledger, long seq, RandomGenerator random) {
        String key = key(ledger, seq);
        String text = new String(ledger.object(seq), StandardCharsets.US_ASCII);
        int from = text.indexOf("\"sig\":\"") + 7;
        byte[] signature = Base64.getDecoder().decode(text.substring(from, text.indexOf('"', from)));
        flip(signature, random);
        String changed = text.substring(0, from) + Base64.getEncoder().encodeToString(signature) + "\"}]}\n";
        ledger.store.objects.put(key, changed.getBytes(StandardCharsets.US_ASCII));
    }

    private static void swap(SampleLedger ledger, long one, long other) {
        byte[] bytes = ledger.object(one);
        ledger.store.objects.put(key(ledger, one), ledger.object(other));
        ledger.store.objects.put(key(ledger, other), bytes);
    }

    /** Changes what one run stated, and writes all after it anew, so that everything fits. */
    private static void rewrite(SampleLedger ledger, long victim, SigningKey key) {
        List<ObjectNode> runs = new ArrayList<>(ledger.statedFrom(victim));
        ((ObjectNode) runs.getFirst().path("result")).put("verdict", "PROVEN AFTER ALL");
        ledger.cut(victim - 1);
        ledger.forge(runs, key);
    }
}
