/** Whether a system is ready for production: tasks with owners and dates, and the evidence that each of them asks for. */
@NullMarked
package io.firedrill.readiness;

import org.jspecify.annotations.NullMarked;
