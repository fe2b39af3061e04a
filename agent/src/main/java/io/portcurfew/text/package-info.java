/** Phrases that many messages share; knows nothing of the program. */
@NullMarked
package io.portcurfew.text;

import org.jspecify.annotations.NullMarked;
