/** The state folder of the agent and what is kept in it beside the database. */
@NullMarked
package io.portcurfew.state;

import org.jspecify.annotations.NullMarked;
