/** Finds sockets that no table of a known network namespace lists. */
@NullMarked
package io.portcurfew.observe.linux.unlisted;

import org.jspecify.annotations.NullMarked;
