package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    private static final List<Integer> MANY = IntStream.range(0, 100).boxed().toList();

    @Test
    void answersComeInTheOrderOfTheItemsWhoeverEndsFirst() {
        var second = new CountDownLatch(1);

        List<String> answers = Requests.all(List.of(1, 2), item -> {
            if (item == 1) {
                await(second);
            } else {
                second.countDown();
            }
            return "answer " + item;
        });

        assertThat(answers).containsExactly("answer 1", "answer 2");
    }

    @Test
    void asManyAreAskedAtOnceAsWasSaidAndNoMore() {
        var together = new CyclicBarrier(4);
        var now = new AtomicInteger();
        var most = new AtomicInteger();

        Requests.all(MANY, 4, item -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            meet(together);
            return now.decrementAndGet();
        });

        assertThat(most).hasValue(4);
    }

    @Test
    void oneLaneAsksInTheCallersOwnThread() {
        Thread caller = Thread.currentThread();

        assertThat(Requests.all(MANY, 1, item -> Thread.currentThread())).containsOnly(caller);
        assertThat(Requests.all(List.of(1), item -> Thread.currentThread())).containsExactly(caller);
        assertThat(Requests.all(List.<Integer>of(), item -> Thread.currentThread()))
                .isEmpty();
    }

    @Test
    void noThreadIsVirtual() {
        assertThat(Requests.all(MANY, item -> Thread.currentThread().isVirtual()))
                .containsOnly(false);
    }

    @Test
    void theFirstFailureEndsItAndNothingIsUnderWayAfterIt() {
        var begun = new CountDownLatch(1);
        var underWay = new AtomicInteger();
        var asked = new AtomicInteger();

        assertThatThrownBy(() -> Requests.all(MANY, 2, item -> {
                    asked.incrementAndGet();
                    if (item == 0) {
                        await(begun);
                        throw new Failure(FailureKind.TARGET_REFUSED, "item 0", "");
                    }
                    underWay.incrementAndGet();
                    begun.countDown();
                    boolean interrupted = slept();
                    underWay.decrementAndGet();
                    return interrupted;
                }))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("item 0");
        assertThat(underWay).as("interrupted, and waited for").hasValue(0);
        assertThat(asked)
                .as("the lane of the failure may have gone on to one more")
                .satisfies(number -> assertThat(number.get()).isBetween(2, 3));
    }

    /** As a thread that waits for a socket; whichever of the two was asked first. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatHearsNoInterruptIsNotWaitedForWithoutEnd(int failing) {
        var silent = new Semaphore(0);
        var begun = new CountDownLatch(1);

        assertThatThrownBy(() -> Requests.all(
                        List.of(0, 1),
                        2,
                        item -> {
                            if (item == failing) {
                                await(begun);
                                throw new Failure(FailureKind.TARGET_REFUSED, "item " + failing, "");
                            }
                            begun.countDown();
                            silent.acquireUninterruptibly();
                            return item;
                        },
                        Duration.ofMillis(50)))
                .hasMessageContaining("item " + failing);

        silent.release();
    }

    @Test
    void anErrorComesThroughAsOne() {
        var broken = new NoClassDefFoundError("x");

        assertThatThrownBy(() -> Requests.all(MANY, item -> {
                    throw broken;
                }))
                .isSameAs(broken);
    }

    @Test
    void whoeverIsInterruptedStopsAsking() {
        var asked = new AtomicInteger();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Requests.all(MANY, 2, item -> {
                    asked.incrementAndGet();
                    return slept();
                }))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.ABORTED));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).hasValueLessThanOrEqualTo(2);
    }

    /** Whether an interrupt ended a wait for what never comes. */
    private static boolean slept() {
        try {
            return !new CountDownLatch(1).await(1, TimeUnit.MINUTES) && Thread.interrupted();
        } catch (InterruptedException _) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
