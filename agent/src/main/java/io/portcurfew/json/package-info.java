/** Writes and reads JSON; the only package that uses Jackson. */
@NullMarked
package io.portcurfew.json;

import org.jspecify.annotations.NullMarked;
