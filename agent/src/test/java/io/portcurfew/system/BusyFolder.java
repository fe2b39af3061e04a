package io.portcurfew.system;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Folders that the kernel makes: a control group, an instance of the tracing system. They are in
 * use until the last process has left or the last file is closed, a moment after a test has ended.
 */
public final class BusyFolder {

  private BusyFolder() {}

  /** Removes one, if it is there, as soon as it is no longer in use. */
  public static void remove(Path folder) throws IOException {
    long end = System.nanoTime() + Daemon.PATIENCE.toNanos();
    while (true) {
      try {
        Files.deleteIfExists(folder);
        return;
      } catch (FileSystemException busy) {
        if (System.nanoTime() - end > 0) {
          throw busy;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }
}
