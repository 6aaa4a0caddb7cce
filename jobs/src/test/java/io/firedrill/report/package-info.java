/** What reports say, held against parsers that are not ours. */
@NullMarked
package io.firedrill.report;

import org.jspecify.annotations.NullMarked;
