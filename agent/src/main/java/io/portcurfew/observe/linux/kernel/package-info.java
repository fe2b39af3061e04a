/** System calls, error numbers and native memory. */
@NullMarked
package io.portcurfew.observe.linux.kernel;

import org.jspecify.annotations.NullMarked;
