/** Every meter, named once; the one package that knows Micrometer. */
@NullMarked
package io.portcurfew.metrics;

import org.jspecify.annotations.NullMarked;
