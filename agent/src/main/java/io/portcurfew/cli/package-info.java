/** The command line, one class per command. Only this package and those below it use picocli. */
@NullMarked
package io.portcurfew.cli;

import org.jspecify.annotations.NullMarked;
