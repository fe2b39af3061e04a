/** One notifier for each kind of receiver. */
@NullMarked
package io.portcurfew.notify.receivers;

import org.jspecify.annotations.NullMarked;
