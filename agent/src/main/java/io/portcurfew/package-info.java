/** The agent: main, the graph that it is built of, the scan and its schedule. */
@NullMarked
package io.portcurfew;

import org.jspecify.annotations.NullMarked;
