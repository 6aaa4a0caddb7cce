/** What can go wrong, named once: every failure says what happened, with the values, and what to do next. */
@NullMarked
package io.firedrill.failure;

import org.jspecify.annotations.NullMarked;
