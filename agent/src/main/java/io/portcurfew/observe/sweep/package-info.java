/** A sweep over all ports of a host and its result: values. */
@NullMarked
package io.portcurfew.observe.sweep;

import org.jspecify.annotations.NullMarked;
