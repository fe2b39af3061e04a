package io.portcurfew.process;

import java.nio.file.Path;
import java.util.Optional;

/** Whether a file may be run with the rights of the agent. */
public interface ToolTrust {

  /** Why it must not be run, in words for an admin; nothing where it may. */
  Optional<String> objection(Path tool);
}
