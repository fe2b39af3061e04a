/** The bind sweep: finds ports that are in use although no source shows a socket. */
@NullMarked
package io.portcurfew.observe.linux.sweep;

import org.jspecify.annotations.NullMarked;
