/** Reports over a period, and any report as PDF: made of records that were verified, and of nothing else. */
@NullMarked
package io.firedrill.report;

import org.jspecify.annotations.NullMarked;
