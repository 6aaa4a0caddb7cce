/** What runs in a process beside Firedrill's, or in an application's: one change of Mongock's, forwards or back. */
@NullMarked
package io.firedrill.mongock;

import org.jspecify.annotations.NullMarked;
