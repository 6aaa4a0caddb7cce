/** Bytes under keys, written once, in a directory or in S3; and the leases that live beside them. The only room that sees the AWS SDK. */
@NullMarked
package io.firedrill.storage;

import org.jspecify.annotations.NullMarked;
