/** Reads listening sockets from the Linux kernel with sock_diag, and their owners from /proc. */
@NullMarked
package io.portcurfew.observe.linux;

import org.jspecify.annotations.NullMarked;
