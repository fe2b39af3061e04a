/** The forms in which an alert is written. */
@NullMarked
package io.portcurfew.notify.message;

import org.jspecify.annotations.NullMarked;
