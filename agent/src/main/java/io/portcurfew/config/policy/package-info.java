/** Reads policies, their tests and learned baselines. */
@NullMarked
package io.portcurfew.config.policy;

import org.jspecify.annotations.NullMarked;
