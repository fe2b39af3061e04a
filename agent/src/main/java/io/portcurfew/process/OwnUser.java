package io.portcurfew.process;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user of this process. */
public final class OwnUser {

  private static final Path SELF = Path.of("/proc/self");

  private OwnUser() {}

  /**
   * Returns the number of the user. {@link UnixSystem} says 0 for one that has no name, as of a
   * container with any number, so the owner of /proc/self comes first.
   */
  public static long id() {
    try {
      return Integer.toUnsignedLong((Integer) Files.getAttribute(SELF, "unix:uid"));
    } catch (IOException | UnsupportedOperationException withoutProc) {
      return new UnixSystem().getUid();
    }
  }
}
