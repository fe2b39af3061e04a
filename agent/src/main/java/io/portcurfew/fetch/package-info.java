/**
 * Fetches policy bundles from a web server or a file, and checks whether this host accepts them.
 */
@NullMarked
package io.portcurfew.fetch;

import org.jspecify.annotations.NullMarked;
