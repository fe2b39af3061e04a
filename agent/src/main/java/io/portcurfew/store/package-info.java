/** The state folder and what is kept in it. */
@NullMarked
package io.portcurfew.store;

import org.jspecify.annotations.NullMarked;
