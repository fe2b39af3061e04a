/** Writing JSON; the one package that knows Jackson. */
@NullMarked
package io.portcurfew.json;

import org.jspecify.annotations.NullMarked;
