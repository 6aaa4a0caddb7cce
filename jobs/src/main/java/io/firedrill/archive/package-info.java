/** What lies in the store and how to read it: keys, plan, parts, manifest, segments, the catalog of backups. */
@NullMarked
package io.firedrill.archive;

import org.jspecify.annotations.NullMarked;
