/** Kubernetes manifests, anybody's: read with their lines, held against the models of the API and against a list of rules. */
@NullMarked
package io.firedrill.manifests;

import org.jspecify.annotations.NullMarked;
