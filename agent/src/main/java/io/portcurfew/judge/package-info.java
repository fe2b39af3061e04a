/** Judges snapshots by a policy: verdicts and findings. */
@NullMarked
package io.portcurfew.judge;

import org.jspecify.annotations.NullMarked;
