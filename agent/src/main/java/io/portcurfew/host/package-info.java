/** The sources of this host, put together for its platform. */
@NullMarked
package io.portcurfew.host;

import org.jspecify.annotations.NullMarked;
