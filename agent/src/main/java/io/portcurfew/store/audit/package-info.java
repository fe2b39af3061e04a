/** The audit log, a hash chain that reveals tampering with the history. */
@NullMarked
package io.portcurfew.store.audit;

import org.jspecify.annotations.NullMarked;
