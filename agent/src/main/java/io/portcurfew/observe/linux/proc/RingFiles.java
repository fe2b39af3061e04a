package io.portcurfew.observe.linux.proc;

import io.portcurfew.process.ByteText;
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

  private RingFiles() {}

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
