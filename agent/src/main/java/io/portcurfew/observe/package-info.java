/** Listeners, their owners, and the gaps in the view of the host. */
@NullMarked
package io.portcurfew.observe;

import org.jspecify.annotations.NullMarked;
