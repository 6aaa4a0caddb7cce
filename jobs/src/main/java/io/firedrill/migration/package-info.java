/** What a migration tool's code holds and what its database says of it: Mongock jars, migrate-mongo projects, commands. */
@NullMarked
package io.firedrill.migration;

import org.jspecify.annotations.NullMarked;
