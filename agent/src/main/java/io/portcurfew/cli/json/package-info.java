/** Renders the results of commands as JSON. */
@NullMarked
package io.portcurfew.cli.json;

import org.jspecify.annotations.NullMarked;
