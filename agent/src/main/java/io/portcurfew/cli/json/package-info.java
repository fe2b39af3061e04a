/** The JSON that the commands print. */
@NullMarked
package io.portcurfew.cli.json;

import org.jspecify.annotations.NullMarked;
