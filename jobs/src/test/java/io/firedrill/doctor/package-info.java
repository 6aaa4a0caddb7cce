@NullMarked
package io.firedrill.doctor;

import org.jspecify.annotations.NullMarked;
