package io.portcurfew.cli.options;

import io.portcurfew.store.History;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;

/** Explains why the database of the agent cannot be read. */
public final class DatabaseError {

  private static final String NO_DATA =
      "No data yet: the agent has never run here. Start it with: systemctl start portcurfew";

  private DatabaseError() {}

  /** Prints the reason and returns the exit status. */
  public static int print(History.Unreadable error, PrintWriter err) {
    boolean missing = error.getCause() instanceof NoSuchFileException;
    err.println(missing ? NO_DATA : "portcurfew: " + error.getMessage());
    err.flush();
    return Exit.NOT_NOW;
  }
}
