/** Adds the redirects of the kernel and of container engines to the listeners. */
@NullMarked
package io.portcurfew.observe.linux.reach;

import org.jspecify.annotations.NullMarked;
