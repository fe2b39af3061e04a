/** Finds the network namespaces of a host, names them, enters them and reads their sockets. */
@NullMarked
package io.portcurfew.observe.linux.namespace;

import org.jspecify.annotations.NullMarked;
