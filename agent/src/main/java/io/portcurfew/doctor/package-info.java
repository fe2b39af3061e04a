/**
 * Checks the limits of the agent on this host and names remedies: thin readers of the host, and
 * pure checks of their values.
 */
@NullMarked
package io.portcurfew.doctor;

import org.jspecify.annotations.NullMarked;
