package io.firedrill.job;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A broker with workers behind it: whatever is sent is answered when somebody asks. */
final class AnsweringWorkers implements Dispatch {
    final Deque<Task> tasks = new ArrayDeque<>();
    private final Deque<Report> late = new ArrayDeque<>();
    private final Function<Task, List<Report>> answer;

    AnsweringWorkers(Function<Task, List<Report>> answer) {
        this.answer = answer;
    }

    @Override
    public void send(Task task) {
        tasks.add(task);
    }

    @Override
    public Optional<Report> next(Duration patience) {
        if (late.isEmpty() && !tasks.isEmpty()) {
            late.addAll(answer.apply(tasks.remove()));
        }
        return Optional.ofNullable(late.poll());
    }
}
