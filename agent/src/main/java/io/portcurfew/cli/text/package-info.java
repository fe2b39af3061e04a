/** Renders the results of commands as text. */
@NullMarked
package io.portcurfew.cli.text;

import org.jspecify.annotations.NullMarked;
