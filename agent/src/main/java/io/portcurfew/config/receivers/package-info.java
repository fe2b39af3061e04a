/** Reads the receivers of notifications. */
@NullMarked
package io.portcurfew.config.receivers;

import org.jspecify.annotations.NullMarked;
