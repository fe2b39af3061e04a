/** What is listening: listeners, who holds them, and what could not be seen. */
@NullMarked
package io.portcurfew.observe;

import org.jspecify.annotations.NullMarked;
