/** Lists sockets with netlink sock_diag. */
@NullMarked
package io.portcurfew.observe.linux.netlink;

import org.jspecify.annotations.NullMarked;
