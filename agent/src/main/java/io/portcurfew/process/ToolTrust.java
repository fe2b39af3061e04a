package io.portcurfew.process;

import java.nio.file.Path;
import java.util.Optional;

/** Decides if a program may run with the rights of the agent. */
public interface ToolTrust {

  /** The reason why it must not run, for an admin; empty if it may. */
  Optional<String> objection(Path tool);
}
