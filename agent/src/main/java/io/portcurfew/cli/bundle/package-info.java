/** The commands for signed policy bundles. */
@NullMarked
package io.portcurfew.cli.bundle;

import org.jspecify.annotations.NullMarked;
