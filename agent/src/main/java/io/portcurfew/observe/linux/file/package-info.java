/** Finds and proves files of the host: over its mounts, without waiting for a file system. */
@NullMarked
package io.portcurfew.observe.linux.file;

import org.jspecify.annotations.NullMarked;
