/** Reads files, and decides which of them the agent trusts. */
@NullMarked
package io.portcurfew.config.files;

import org.jspecify.annotations.NullMarked;
