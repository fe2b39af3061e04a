/**
 * Finds the owners of sockets: a search within a budget, the proof of known owners, and their
 * facts.
 */
@NullMarked
package io.portcurfew.observe.linux.owner;

import org.jspecify.annotations.NullMarked;
