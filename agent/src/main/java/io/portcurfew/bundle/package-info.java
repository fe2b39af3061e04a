/** Signed policy bundles: the archive, its manifest, and whether an agent may accept it; pure. */
@NullMarked
package io.portcurfew.bundle;

import org.jspecify.annotations.NullMarked;
