/**
 * Finds the owners of sockets with a limited budget, checks known owners, and reads their facts.
 */
@NullMarked
package io.portcurfew.observe.linux.owner;

import org.jspecify.annotations.NullMarked;
