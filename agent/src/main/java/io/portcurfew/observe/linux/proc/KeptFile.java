package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Libc;
import org.jspecify.annotations.Nullable;

/**
 * A file below the root of a host that stays open, since opening it takes longer than reading it.
 * On a captured host each reading opens it. Not thread-safe.
 */
public final class KeptFile implements AutoCloseable {

  private final ProcFs files;
  private final String below;
  private int fd = -1;
  private int folder;

  KeptFile(ProcFs files, String below) {
    this.files = files;
    this.below = below;
  }

  /** Reads at most about {@code most} bytes, or returns {@code null} if that fails. */
  public byte @Nullable [] read(int most) {
    if (files.isCaptured() || folder != files.folder(below)) {
      close();
    }
    if (fd < 0) {
      folder = files.folder(below);
      fd = files.open(below, Libc.O_RDONLY);
    }
    byte[] text = files.readFromStart(fd, most);
    if (text == null) {
      close();
    }
    return text == null || text.length < files.data.size() ? text : files.readWhole(below, most);
  }

  @Override
  public void close() {
    files.close(fd);
    fd = -1;
  }
}
