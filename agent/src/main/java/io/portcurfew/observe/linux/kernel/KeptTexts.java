package io.portcurfew.observe.linux.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Short files of /proc/net that stay open, since opening one takes longer than reading it. They are
 * of the network namespace in which they were opened, whatever its processes do since then.
 */
public final class KeptTexts implements AutoCloseable {

  /** The usual {@code protocols} and {@code dev} have at most 4 KiB. */
  private static final int MOST_BYTES = 8 * 1024;

  /** A line of {@code dev} has a name and 16 numbers, that of the others is shorter. */
  private static final int LONGEST_LINE = 1024;

  private final Map<String, Integer> files = new HashMap<>();
  private final NativeBuffer buffer = new NativeBuffer(MOST_BYTES);

  /**
   * Opens files.
   *
   * @param opener opens a file of /proc/net, and returns -1 if that fails
   */
  public static KeptTexts open(List<String> names, ToIntFunction<String> opener) {
    KeptTexts texts = new KeptTexts();
    for (String name : names) {
      int fd = opener.applyAsInt(name);
      if (fd >= 0) {
        texts.files.put(name, fd);
      }
    }
    return texts;
  }

  private KeptTexts() {}

  /**
   * Returns the text of a file now, which may be empty; {@code null} if it is not kept open, cannot
   * be read, or is too long; it is to be read in another way then.
   */
  public byte @Nullable [] read(String name) {
    Integer fd = files.get(name);
    int length = fd == null ? -1 : (int) buffer.fill(fd, MOST_BYTES, LONGEST_LINE);
    return length < 0 || length == MOST_BYTES ? null : buffer.copy(length);
  }

  @Override
  public void close() {
    files.values().forEach(Libc::close);
    files.clear();
  }
}
