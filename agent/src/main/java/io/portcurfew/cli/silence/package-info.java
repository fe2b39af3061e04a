/** The commands for silences. */
@NullMarked
package io.portcurfew.cli.silence;

import org.jspecify.annotations.NullMarked;
