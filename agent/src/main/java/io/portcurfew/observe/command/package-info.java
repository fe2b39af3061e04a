/** The views of native commands: a thin runner and pure parsers. */
@NullMarked
package io.portcurfew.observe.command;

import org.jspecify.annotations.NullMarked;
