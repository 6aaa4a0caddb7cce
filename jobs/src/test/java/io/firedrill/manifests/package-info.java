@NullMarked
package io.firedrill.manifests;

import org.jspecify.annotations.NullMarked;
