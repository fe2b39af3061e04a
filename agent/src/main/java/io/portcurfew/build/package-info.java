/** The version of this build. */
@NullMarked
package io.portcurfew.build;

import org.jspecify.annotations.NullMarked;
