/** Reads the text tables of sockets in /proc/net. */
@NullMarked
package io.portcurfew.observe.linux.procnet;

import org.jspecify.annotations.NullMarked;
