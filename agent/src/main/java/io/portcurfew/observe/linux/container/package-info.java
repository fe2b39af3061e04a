/** Finds the names of containers in the files of their engines, without asking an engine. */
@NullMarked
package io.portcurfew.observe.linux.container;

import org.jspecify.annotations.NullMarked;
