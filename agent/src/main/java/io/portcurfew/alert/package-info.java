/** Alerts: findings followed over time, and silences. All of it is pure. */
@NullMarked
package io.portcurfew.alert;

import org.jspecify.annotations.NullMarked;
