/** The view of OSHI; the one package that knows it. */
@NullMarked
package io.portcurfew.observe.oshi;

import org.jspecify.annotations.NullMarked;
