/** The port to a deployment: who it is, what it holds, reading it at one cluster time, loading it in bulk. The only room that sees the driver. */
@NullMarked
package io.firedrill.mongo;

import org.jspecify.annotations.NullMarked;
