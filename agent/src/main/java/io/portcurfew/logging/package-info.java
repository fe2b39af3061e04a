/** The log of commands and of the daemon: formats, levels and destination. */
@NullMarked
package io.portcurfew.logging;

import org.jspecify.annotations.NullMarked;
