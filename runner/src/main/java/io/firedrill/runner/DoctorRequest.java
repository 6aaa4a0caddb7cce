package io.firedrill.runner;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the doctor is to look at: what these purposes need; and the database of the migrations, if they are among them. */
record DoctorRequest(Set<Purpose> purposes, @Nullable String database) {}
