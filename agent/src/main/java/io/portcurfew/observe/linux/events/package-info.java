/** Events of the Linux kernel about sockets that open and close. */
@NullMarked
package io.portcurfew.observe.linux.events;

import org.jspecify.annotations.NullMarked;
