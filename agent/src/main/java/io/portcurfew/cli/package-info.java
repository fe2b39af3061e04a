/** One class a command of the command line; the one package that knows picocli. */
@NullMarked
package io.portcurfew.cli;

import org.jspecify.annotations.NullMarked;
