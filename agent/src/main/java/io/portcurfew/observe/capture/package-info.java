/**
 * Captures of tools on other hosts: made plain, divided into hosts and lines, and checked for gaps.
 */
@NullMarked
package io.portcurfew.observe.capture;

import org.jspecify.annotations.NullMarked;
