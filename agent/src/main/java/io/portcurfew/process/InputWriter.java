package io.portcurfew.process;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to the standard input of a process on a thread of its own: a process that does not read
 * would block the thread that writes.
 */
final class InputWriter {

  private InputWriter() {}

  /** Writes the input, and gives up when the process has ended. */
  static void start(Process process, byte[] input) {
    DaemonThreads.of("portcurfew-feed-" + process.pid(), () -> write(process, input)).start();
  }

  private static void write(Process process, byte[] input) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(input);
    } catch (IOException notWanted) {
      // It may have what it needs.
    }
  }
}
