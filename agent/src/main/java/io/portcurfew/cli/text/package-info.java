/** The plain text that the commands print. */
@NullMarked
package io.portcurfew.cli.text;

import org.jspecify.annotations.NullMarked;
