/** The hash chain that shows tampering with the history. */
@NullMarked
package io.portcurfew.store.audit;

import org.jspecify.annotations.NullMarked;
