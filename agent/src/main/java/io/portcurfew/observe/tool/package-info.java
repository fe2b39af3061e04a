/** Native tools as sources: finds them, runs them and checks their answers. */
@NullMarked
package io.portcurfew.observe.tool;

import org.jspecify.annotations.NullMarked;
