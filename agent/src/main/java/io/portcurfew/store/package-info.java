/** Saves alerts, notifications, silences and the history of listeners. */
@NullMarked
package io.portcurfew.store;

import org.jspecify.annotations.NullMarked;
