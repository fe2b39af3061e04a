package io.portcurfew.process;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to the standard input of a process on a thread of its own: one that does not read would
 * keep whoever writes.
 */
final class InputWriter {

  private InputWriter() {}

  /** Writes all of it, and gives up when the process is gone. */
  static void start(Process process, byte[] input) {
    Thread thread =
        new Thread(
            () -> {
              try (OutputStream to = process.getOutputStream()) {
                to.write(input);
              } catch (IOException notWanted) {
                // It may have what it needs.
              }
            },
            "portcurfew-feed-" + process.pid());
    thread.setDaemon(true);
    thread.start();
  }
}
