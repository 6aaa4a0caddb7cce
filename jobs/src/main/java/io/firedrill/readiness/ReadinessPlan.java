package io.firedrill.readiness;

import io.firedrill.evidence.PlanDigest;
import io.firedrill.evidence.Redaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A readiness file, as it was read: sections, and the tasks in them. Ids are unique in the whole file. */
public record ReadinessPlan(PlanDigest digest, String programme, List<Section> sections) {
    public ReadinessPlan {
        programme = Redaction.of(programme);
        sections = List.copyOf(sections);
    }

    /** Tasks that are signed off together. */
    public record Section(String id, String title, List<Task> tasks) {
        public Section {
            title = Redaction.of(title);
            tasks = List.copyOf(tasks);
        }
    }

    public Stream<Task> tasks() {
        return sections.stream().flatMap(section -> section.tasks().stream());
    }

    public Optional<Task> task(String id) {
        return tasks().filter(task -> task.id().equals(id)).findFirst();
    }
}
