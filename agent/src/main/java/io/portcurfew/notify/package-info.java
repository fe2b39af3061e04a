/** Telling people: notifications, the queue of each receiver, and a notifier a kind of receiver. */
@NullMarked
package io.portcurfew.notify;

import org.jspecify.annotations.NullMarked;
