/** Notifications, the dispatcher and the outbox of each receiver. */
@NullMarked
package io.portcurfew.notify;

import org.jspecify.annotations.NullMarked;
