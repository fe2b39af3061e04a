/** The command line, one class per command. Only this package uses picocli. */
@NullMarked
package io.portcurfew.cli;

import org.jspecify.annotations.NullMarked;
