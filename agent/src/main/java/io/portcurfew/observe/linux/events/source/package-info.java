/** The interfaces of the Linux kernel that report sockets, and what they report. */
@NullMarked
package io.portcurfew.observe.linux.events.source;

import org.jspecify.annotations.NullMarked;
