package io.firedrill.evidence;

import java.time.Duration;
import java.util.Optional;

/** What a run is measured against, fixed before it starts; {@code source} says who set it, as "FIREDRILL_RTO_TARGET". */
public record Objectives(Optional<Duration> rto, Optional<Duration> rpo, String source) {
    public static final Objectives NONE = new Objectives(Optional.empty(), Optional.empty(), "");
}
