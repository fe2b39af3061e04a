package io.portcurfew.observe.linux.proc;

import io.portcurfew.process.ByteText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sockets that are registered in an io_uring, which a process can use without a descriptor of
 * them (io_uring_register(2), IORING_REGISTER_FILES).
 */
final class RingFiles {

  /** The link of a descriptor of a ring (io_uring/io_uring.c). */
  static final String LINK = "anon_inode:[io_uring]";

  /**
   * A registered file in /proc/PID/fdinfo (io_uring/fdinfo.c); the path of a file starts with /.
   */
  private static final Pattern SOCKET = Pattern.compile("\\s*\\d{1,9}: socket:\\[(\\d{1,18})\\]");

  /** The major and the minor number of a kernel release. */
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\D.*");

  private static final boolean NAMES_SOCKETS = namesSockets(System.getProperty("os.version", ""));

  private RingFiles() {}

  /** Returns true if this kernel shows the inodes of registered sockets. */
  static boolean namesSockets() {
    return NAMES_SOCKETS;
  }

  /**
   * Kernels before a change of January 2025 show the last part of a path as it is: of a socket its
   * protocol, and of a file whatever its user wants, also the number of a socket of another user.
   */
  static boolean namesSockets(String release) {
    Matcher numbers = RELEASE.matcher(release);
    if (!numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major > 6 || (major == 6 && Integer.parseInt(numbers.group(2)) >= 15);
  }

  /** Returns the inodes of the registered sockets. */
  static long[] sockets(byte[] fdinfo) {
    // The kernel escapes LF in the path of a file, and CR not (seq_file_path in fs/seq_file.c).
    return ByteText.lines(fdinfo).stream()
        .map(SOCKET::matcher)
        .filter(line -> line.matches())
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .toArray();
  }
}
