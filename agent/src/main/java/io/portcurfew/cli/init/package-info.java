/** The command that asks for the first settings and writes both files. */
@NullMarked
package io.portcurfew.cli.init;

import org.jspecify.annotations.NullMarked;
