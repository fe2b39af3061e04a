/** The texts and payloads of notifications. */
@NullMarked
package io.portcurfew.notify.message;

import org.jspecify.annotations.NullMarked;
