/** Parsers for the output of native commands, without side effects. */
@NullMarked
package io.portcurfew.observe.command;

import org.jspecify.annotations.NullMarked;
