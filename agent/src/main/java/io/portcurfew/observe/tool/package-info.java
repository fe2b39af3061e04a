/** Native tools as sources: finds them, runs them and checks their output. */
@NullMarked
package io.portcurfew.observe.tool;

import org.jspecify.annotations.NullMarked;
