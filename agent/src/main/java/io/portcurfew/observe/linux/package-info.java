/** The kernel's own view on Linux: sock_diag over netlink, and owners from /proc by bytes. */
@NullMarked
package io.portcurfew.observe.linux;

import org.jspecify.annotations.NullMarked;
