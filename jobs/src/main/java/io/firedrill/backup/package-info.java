/** Backing up: plan at one cluster time, dump every unit, seal, publish the manifest last. */
@NullMarked
package io.firedrill.backup;

import org.jspecify.annotations.NullMarked;
