/** The state folder of the agent and its files other than the database. */
@NullMarked
package io.portcurfew.state;

import org.jspecify.annotations.NullMarked;
