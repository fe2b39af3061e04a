/**
 * What this agent can and cannot see on this host, and what to do about it: thin readers of the
 * host, and pure checks of what they read.
 */
@NullMarked
package io.portcurfew.doctor;

import org.jspecify.annotations.NullMarked;
